FROM debian:bookworm-slim

# Extra certificate authorities that the base keeps in /usr/local/share/ca-certificates
# reach curl and Java by this installation.
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      ca-certificates curl openjdk-17-jre-headless procps \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
