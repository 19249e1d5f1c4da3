FROM base-image AS jars
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends maven \
 && rm -rf /var/lib/apt/lists/*
COPY build/pom.xml /build/
# The jars come without the web pages, and the daemons do not start where these folders are missing.
RUN mvn -q -B -Dstyle.color=never -f /build/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/opt/hadoop/lib \
 && mkdir -p /opt/hadoop/webapps/hdfs /opt/hadoop/webapps/datanode

FROM base-image
ENV HADOOP_CONF_DIR=/hadoop-configuration
COPY --from=jars /opt/hadoop /opt/hadoop
COPY build/conf /opt/hadoop/conf
COPY build/bin /usr/local/bin
