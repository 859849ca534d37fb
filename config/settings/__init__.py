"""Settings by subject, all from the environment, with defaults that run.

Nothing exists only in production: the same slices are read everywhere, and `apps.core.startup`
refuses to start production on a default that is unsafe there.
"""

from config.settings.api import *
from config.settings.base import *
from config.settings.celery import *
from config.settings.console import *
from config.settings.database import *
from config.settings.hooks import *
from config.settings.limits import *
from config.settings.logs import *
from config.settings.mail import *
from config.settings.models import *
from config.settings.push import *
from config.settings.security import *
