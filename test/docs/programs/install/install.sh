#!/bin/sh
mkdir -p prefix/bin
echo 'echo 2.0' > prefix/bin/tool.new
chmod 4755 prefix/bin/tool.new
mv prefix/bin/tool.new prefix/bin/tool
echo 'tool=1' >> prefix/etc/profile
rm prefix/etc/tool.conf.old
bash -c 'echo installed > /dev/udp/127.0.0.1/9999'
