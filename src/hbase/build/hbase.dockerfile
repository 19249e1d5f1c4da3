FROM hadoop-run AS hadoop

FROM base-image AS jars
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends maven \
 && rm -rf /var/lib/apt/lists/*
COPY build/pom.xml /build/
# The daemons do not start where the folders of their web pages are missing.
RUN mvn -q -B -Dstyle.color=never -f /build/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/opt/hbase/lib \
 && mkdir -p /opt/hbase/hbase-webapps/master /opt/hbase/hbase-webapps/regionserver
# The Java runtime has no compiler; Eclipse's is one jar of 3 MB.
RUN mvn -q -B -Dstyle.color=never dependency:copy -Dartifact=org.eclipse.jdt:ecj:3.33.0 -DoutputDirectory=/build
COPY build/canary/Canary.java /build/canary/
RUN java -jar /build/ecj-3.33.0.jar -17 -classpath "$(echo /opt/hbase/lib/*.jar | tr ' ' :)" -d /opt/hbase/canary /build/canary/Canary.java
# Most jars are those of hadoop-run, to the byte: a link to them instead of another 60 MB.
COPY --from=hadoop /opt/hadoop/lib /opt/hadoop/lib
RUN for jar in /opt/hbase/lib/*.jar; do \
      same="/opt/hadoop/lib/${jar##*/}"; \
      if cmp -s "$jar" "$same"; then ln -sf "$same" "$jar"; fi; \
    done

FROM hadoop-run
ENV HBASE_CONF_DIR=/hbase-configuration
COPY --from=jars /opt/hbase /opt/hbase
COPY build/bin /usr/local/bin
