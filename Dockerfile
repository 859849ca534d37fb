# One image for web, worker and beat. It holds no database, no broker and no test requirement.
FROM python:3.11-slim AS packages

WORKDIR /build
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/run.txt

FROM python:3.11-slim

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    VIGIL_MANAGED_ENV=off \
    VIGIL_DATA_DIR=/data

RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin vigil \
    && install -d -o vigil -g vigil /data

COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
RUN python manage.py collectstatic --no-input --verbosity 0

USER vigil
EXPOSE 8000
VOLUME /data
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-m", "config.bootstrap.health", "8000"]
CMD ["python", "manage.py", "run", "web", "--host", "0.0.0.0", "--port", "8000"]
