#!/bin/bash
# Ends when the pods are gone. The data stays.

kubectl delete --ignore-not-found --cascade=foreground --timeout=120s daemonset/zookeeper || exit $?
kubectl delete --ignore-not-found configmap/zookeeper-configuration || exit $?
