#!/bin/sh
# image.sh OUT.tar NAME:TAG CMD-JSON : creates a busybox image without a network. The archive is an OCI layout that is also a
# docker-archive, so that `docker load`, `podman load` and `ctr images import` all accept it; its digests never change.
# Prints the manifest's digest.
set -eu
out=$1 ref=$2 cmd=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root layout=$work/layout
mkdir -p "$root/bin" "$root/etc" "$root/www" "$root/tmp" "$root/proc" "$root/sys" "$root/dev" "$layout/blobs/sha256"
cp /bin/busybox "$root/bin/"
for tool in sh httpd sleep cat ls id ps wget touch echo mkdir true kill; do ln -s busybox "$root/bin/$tool"; done
echo hello >"$root/www/index.html"
printf 'root:x:0:0:root:/:/bin/sh\nkeeper:x:1234:1234:Keeper:/:/bin/sh\n' >"$root/etc/passwd"
archive() { tar -C "$1" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$2" .; }

# Stores a blob by its digest: sets `digest` and `size`.
blob() {
  digest=$(sha256sum "$1" | cut -c1-64)
  size=$(stat -c %s "$1")
  mv "$1" "$layout/blobs/sha256/$digest"
}

archive "$root" "$work/layer"
blob "$work/layer"
layer=$digest layer_size=$size
printf '{"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Cmd":%s,"Env":["PATH=/bin","GREETING=hello"],"Labels":{"app":"web"}},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}' "$cmd" "$layer" >"$work/config"
blob "$work/config"
config=$digest config_size=$size
oci=application/vnd.oci.image
printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":{"mediaType":"%s.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"%s.layer.v1.tar","digest":"sha256:%s","size":%s}]}' \
  $oci $oci "$config" "$config_size" $oci "$layer" "$layer_size" >"$work/manifest"
blob "$work/manifest"
printf '{"schemaVersion":2,"manifests":[{"mediaType":"%s.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"io.containerd.image.name":"%s","org.opencontainers.image.ref.name":"%s"}}]}' \
  $oci "$digest" "$size" "$ref" "$ref" >"$layout/index.json"
printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
printf '[{"Config":"blobs/sha256/%s","RepoTags":["%s"],"Layers":["blobs/sha256/%s"]}]' "$config" "$ref" "$layer" >"$layout/manifest.json"
archive "$layout" "$out"
echo "sha256:$digest"
