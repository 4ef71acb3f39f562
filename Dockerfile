# The server, with its model, for a machine without the network: see docs/container.md.

# Any Debian with Python 3.11 or later. To pin it: --build-arg BASE=python:3.11-slim@sha256:…
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
WORKDIR /build
COPY requirements/build.txt requirements/serve.txt requirements/
RUN python -m venv tools \
    && tools/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.txt \
    && tools/bin/pip wheel --no-cache-dir --no-deps --require-hashes --no-build-isolation \
        --wheel-dir wheels -r requirements/serve.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir wheels . \
    && python -m venv --without-pip /opt/starlike \
    && tools/bin/pip --python /opt/starlike/bin/python install --no-cache-dir --no-index --no-deps \
        wheels/*.whl
# What answering does not touch then goes: ONNX Runtime's tools for making models.
RUN cd /opt/starlike/lib/python3*/site-packages \
    && rm -r onnxruntime/quantization onnxruntime/tools onnxruntime/transformers

FROM ${BASE}
# Nothing can be installed in what runs. In the official image installers are folders, in a plain
# Debian they are packages; where there is no such package, dpkg says so and goes on.
RUN dpkg --purge python3-venv python3.11-venv python3-pip-whl python3-setuptools-whl \
    && rm -rf /usr/local/bin/pip* /usr/local/bin/wheel /usr/local/lib/python3*/ensurepip \
        /usr/local/lib/python3*/site-packages/* \
    && useradd --uid 1000 --user-group --no-create-home --home-dir /tmp \
        --shell /usr/sbin/nologin starlike \
    && find / -xdev -type f -perm /6000 -exec chmod a-s {} +
COPY --from=build /opt/starlike /opt/starlike
COPY deploy/sbom.py deploy/health.py /usr/share/starlike/
RUN /opt/starlike/bin/python /usr/share/starlike/sbom.py > /usr/share/starlike/sbom.cdx.json

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="starlike" \
    org.opencontainers.image.description="Which celebrity do you look like, how much, and why" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}" \
    org.opencontainers.image.source="https://github.com/starlike/starlike" \
    org.opencontainers.image.licenses="MIT"

ENV PATH=/opt/starlike/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    STARLIKE_HOST=0.0.0.0 \
    STARLIKE_PORT=8000
USER 1000:1000
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "/usr/share/starlike/health.py"]
ENTRYPOINT ["starlike"]
CMD ["serve"]
