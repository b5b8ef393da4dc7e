# One image for web, worker, beat and migrate; docker-compose.yml says which command runs.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/sargs

COPY requirements.txt .
RUN pip install --requirement requirements.txt

COPY . .
# The key is of this one command: collectstatic signs nothing, and no key is left in the image.
RUN DEBUG=0 ALLOWED_HOSTS=localhost SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    python manage.py collectstatic --noinput \
    && useradd --system --uid 10001 --no-create-home sargs \
    && install --directory --owner sargs /var/lib/sargs

USER sargs
EXPOSE 8000
# No control socket: the user has no home, and the file system is read-only. A search is an address, and a name in
# another script is long in one.
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-", "--limit-request-line", "8190"]
