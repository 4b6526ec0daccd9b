# One image for the web server, the workers and the command line. By itself it runs both;
# `docker run … web` and `docker run --no-healthcheck … worker` run one of them.
FROM debian:12.12-slim AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv
WORKDIR /opt/vedomost
COPY pyproject.toml requirements.lock ./
RUN awk '/^[^ ]/ { wanted = /^uv==/ } wanted' requirements.lock > /tmp/uv.lock \
    && python3 -m venv /tmp/uv \
    && /tmp/uv/bin/pip install --no-cache-dir --require-hashes --no-deps -r /tmp/uv.lock \
    && python3 -m venv --without-pip .venv \
    && /tmp/uv/bin/uv pip install --no-cache --require-hashes --compile-bytecode \
        -r pyproject.toml --group build -c requirements.lock
COPY LICENSE NOTICE README.md ./
COPY fonts fonts
COPY templates templates
COPY signing signing
COPY service service
RUN /tmp/uv/bin/uv pip install --offline --no-deps --no-build-isolation --editable . \
    && /tmp/uv/bin/uv pip uninstall hatchling uv

FROM debian:12.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        python3 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libengine-gost-openssl \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/vedomost vedomost
COPY --from=build /opt/vedomost /opt/vedomost
ENV PATH=/opt/vedomost/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    VEDOMOST_SETTINGS=/etc/vedomost/vedomost.toml \
    VEDOMOST_DATA=/var/lib/vedomost \
    VEDOMOST_WEB__LISTEN=0.0.0.0:8000
USER vedomost
WORKDIR /var/lib/vedomost
VOLUME /var/lib/vedomost
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/livez', timeout=3)"]
ENTRYPOINT ["vedomost"]
CMD ["serve"]
