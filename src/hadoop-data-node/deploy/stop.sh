#!/bin/bash
# Ends when the pods are gone. The data stays.

kubectl delete --ignore-not-found --cascade=foreground --timeout=120s daemonset/hadoop-data-node || exit $?
kubectl delete --ignore-not-found configmap/hadoop-data-node-configuration || exit $?
