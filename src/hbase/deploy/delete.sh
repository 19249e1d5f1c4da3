#!/bin/bash
# Stops the service, then removes its tables from HDFS and what it keeps in ZooKeeper.

cd "$(dirname "$0")" || exit $?

forget_job() {
  kubectl delete --ignore-not-found --cascade=foreground --timeout=60s job/hbase-delete
}

bash stop.sh || exit $?
forget_job || exit $?

running=$(kubectl get --ignore-not-found -o name deployment/hadoop-name-node daemonset/zookeeper) || exit $?
if [ "$(wc -w <<<"$running")" -lt 2 ]; then
  echo "hbase: HDFS and ZooKeeper do not both run, so nothing was removed from them. Tables that they still hold" \
    "go with the data of hadoop-name-node, hadoop-data-node and zookeeper, or when hbase is deleted while they run."
  exit 0
fi

kubectl apply -f hbase-delete.yaml || exit $?
# kubectl wait knows one condition at a time and would sit out a failed job; the job's own deadline ends this loop.
ended=""
until [[ $ended == *Complete* ]]; do
  if [[ $ended == *Failed* ]]; then
    echo "hbase: the job that removes the tables failed:" >&2
    kubectl logs --tail=10 job/hbase-delete >&2
    exit 1
  fi
  sleep 1
  ended=$(kubectl get job/hbase-delete -o 'jsonpath={.status.conditions[?(@.status=="True")].type}') || exit $?
done
forget_job || exit $?
