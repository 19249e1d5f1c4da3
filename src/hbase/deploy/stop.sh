#!/bin/bash
# Ends when the pods are gone. The tables stay, in HDFS.

# Region servers first: they hand their regions back to a master that still listens.
for workload in daemonset/hbase-regionserver daemonset/hbase-master; do
  kubectl delete --ignore-not-found --cascade=foreground --timeout=120s "$workload" || exit $?
done
kubectl delete --ignore-not-found configmap/hbase-configuration || exit $?
