FROM base-image AS jars
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends maven \
 && rm -rf /var/lib/apt/lists/*
COPY build/pom.xml /build/
RUN mvn -q -B -Dstyle.color=never -f /build/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/opt/zookeeper/lib

FROM base-image
COPY --from=jars /opt/zookeeper /opt/zookeeper
COPY build/conf /opt/zookeeper/conf
COPY build/bin /usr/local/bin
