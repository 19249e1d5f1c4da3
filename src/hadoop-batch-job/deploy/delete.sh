#!/bin/bash
# The directories are data of HDFS and go with hadoop-name-node and hadoop-data-node.

cd "$(dirname "$0")" || exit $?

bash stop.sh || exit $?
