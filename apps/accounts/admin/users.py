"""People log in by their e-mail address; groups say what they may do here."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from apps.accounts.models import User
from apps.core.admin import ConsoleAdmin, clean_zone


class _PersonForm:
    """What is true of a person's form, new or not."""

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()  # type: ignore[attr-defined,no-any-return]  # a form's

    def clean_time_zone(self) -> str:
        return clean_zone(self.cleaned_data["time_zone"])  # type: ignore[attr-defined]  # a form's


class NewPersonForm(_PersonForm, UserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class PersonForm(_PersonForm, UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ConsoleAdmin):  # type: ignore[type-arg]  # not generic at run time
    form = PersonForm
    add_form = NewPersonForm
    change_password_form = AdminPasswordChangeForm
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_staff", "time_zone", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    search_fields = ("email", "name")
    readonly_fields = ("public_id", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "time_zone", "public_id")}),
        (
            "May",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("When", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ConsoleAdmin):
    pass
