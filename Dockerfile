# The base may be any image with Python 3.11 or newer: --build-arg BASE=...
ARG BASE=python:3.13-slim

FROM ${BASE} AS packages
WORKDIR /app
COPY pyproject.toml constraints.txt ./
RUN python3 -m venv .venv \
    && .venv/bin/python -m pip install --quiet --no-cache-dir --upgrade "pip>=25.1" \
    && .venv/bin/python -m pip install --quiet --no-cache-dir -c constraints.txt --group pyproject.toml:serve \
    && .venv/bin/python -m pip uninstall --quiet --yes pip

# A Node from PyPI brings the browser libraries, and stays behind
FROM ${BASE} AS vendor
WORKDIR /app
RUN python3 -m venv .venv
COPY package.json package-lock.json .npmrc constraints.txt ./
COPY app/__init__.py app/vendor.py app/
RUN mkdir static && .venv/bin/python app/vendor.py

FROM ${BASE}
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    BACKSCOPE_DATABASE_URL=sqlite:////data/backscope.db
RUN mkdir /data && chown 10001:10001 /data
COPY --from=packages /app/.venv .venv
COPY app app
COPY templates templates
COPY static static
COPY --from=vendor /app/static/vendor static/vendor
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/readyz', timeout=4)"]
CMD ["python", "-m", "app"]
