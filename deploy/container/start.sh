#!/bin/sh
# Run by the image when IRIS is up.
nohup /usr/irissys/bin/irispython -m pgiris serve --config /opt/pgiris/pgiris.toml >>/opt/pgiris/state/pgiris.log 2>&1 &
