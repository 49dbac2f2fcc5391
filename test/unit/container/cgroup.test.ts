// Paths of cgroups as runtimes create them: the container they belong to, and its runtime.
import { describe, expect, test } from 'vitest'
import { Scan } from '../../../src/container/scan.js'
import { cgroupMaybe, cgroupOwner } from '../../../src/model/cgroup.js'
import { Containers } from '../../../src/state/containers.js'

const A = '3ad7b26ded6d8e7b23da7d48fe889434573036c27ae5a74837233de441c3601e'
const B = 'b2c9a1f4d7e860b7ad3a1b6c9d12c5f5e3f2a4c6188890bbaf0a5d3e0c4b7d21'
const UID = '1b4e28ba-2fa1-11d2-883f-0016d3cca427'
const UNIT_UID = UID.replace(/-/g, '_')

describe('the owner of a cgroup', () => {
  test.each([
    // docker: plain, under systemd, with a custom parent, rootless
    [`/docker/${A}`, A, 'docker'],
    [`/system.slice/docker-${A}.scope`, A, 'docker'],
    [`/actions_job/${A}`, A, ''],
    [`/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${A}.scope`, A, 'docker'],
    // podman: plain, in a pod, under systemd, rootless, with the cgroup that crun creates below
    [`/libpod_parent/libpod-${A}`, A, 'podman'],
    [`/libpod_parent/${B}/libpod-${A}`, A, 'podman'],
    [`/machine.slice/libpod-${A}.scope`, A, 'podman'],
    [`/machine.slice/machine-libpod_pod_${B}.slice/libpod-${A}.scope/container`, A, 'podman'],
    [`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${A}.scope/container`, A, 'podman'],
    // containerd for Kubernetes: cgroupfs and systemd, by class of service; as old versions wrote it into one v1 name
    [`/kubepods/besteffort/pod${UID}/${A}`, A, ''],
    [`/kubepods/burstable/pod${UID}/${A}`, A, ''],
    [`/kubepods/pod${UID}/${A}`, A, ''],
    [
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${UNIT_UID}.slice/cri-containerd-${A}.scope`,
      A,
      'containerd',
    ],
    [`/kubepods.slice/kubepods-pod${UNIT_UID}.slice/cri-containerd-${A}.scope`, A, 'containerd'],
    [`/system.slice/containerd.service/kubepods-burstable-pod${UNIT_UID}.slice:cri-containerd:${A}`, A, 'containerd'],
    // docker for Kubernetes
    [`/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UNIT_UID}.slice/docker-${A}.scope`, A, 'docker'],
    // CRI-O, with a cgroup that a process may create inside
    [`/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${UNIT_UID}.slice/crio-${A}.scope`, A, 'cri-o'],
    [
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UNIT_UID}.slice/crio-${A}.scope/container`,
      A,
      'cri-o',
    ],
    [`/kubepods/besteffort/pod${UID}/crio-${A}`, A, 'cri-o'],
    // k3s, nerdctl, a namespace of containerd with an id like docker's
    [`/k8s.io/${A}`, A, ''],
    [`/system.slice/nerdctl-${A}.scope`, A, ''],
    [`/default/${A}`, A, ''],
    // nested: kind, docker in docker
    [`/docker/${B}/kubelet/kubepods/besteffort/pod${UID}/${A}`, A, ''],
    [
      `/system.slice/docker-${B}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${UNIT_UID}.slice/cri-containerd-${A}.scope`,
      A,
      'containerd',
    ],
    [`/docker/${B}/docker/${A}`, A, 'docker'],
    // processes of the outer container, which may have cgroups of their own
    [`/docker/${B}/init.scope`, B, 'docker'],
    [`/docker/${B}/kubelet`, B, 'docker'],
    // seen from inside a cgroup namespace
    [`/../../docker/${A}`, A, 'docker'],
    [`/../cri-containerd-${A}.scope`, A, 'containerd'],
    // LXC
    ['/lxc.payload.web', 'web', 'lxc'],
    ['/lxc/web', 'web', 'lxc'],
    ['/lxc.payload/web/init.scope', 'web', 'lxc'],
  ])('%s', (path, id, type) => {
    expect(cgroupOwner(path)).toEqual({ id, type })
    expect(cgroupMaybe(path)).toBeUndefined()
  })

  test.each([
    '/',
    '/user.slice/user-1000.slice/session-2.scope',
    '/system.slice/docker.service',
    '/system.slice/containerd.service',
    '/kubepods.slice/kubepods-besteffort.slice',
    `/kubepods/besteffort/pod${UID}`,
    '/init.scope',
    // watchers of containers, which run on the host
    `/libpod_parent/libpod-conmon-${A}`,
    `/machine.slice/libpod-conmon-${A}.scope`,
    `/system.slice/crio-conmon-${A}.scope`,
    // longer hexadecimal numbers are something else
    `/docker/${A}0`,
    `/build/sha512-${A}${B}`,
    // a user's scopes
    '/user.slice/user-0.slice/user@0.service/app.slice/app-org.gnome.Terminal.slice/vte-spawn-5f1e.scope',
  ])('%s has no owner', (path) => {
    expect(cgroupOwner(path)).toBeUndefined()
  })

  test.each([
    ['/default/web', 'web'],
    ['/k8s.io/my-task_1.2', 'my-task_1.2'],
  ])('%s may be a container of containerd', (path, id) => {
    expect(cgroupOwner(path)).toBeUndefined()
    expect(cgroupMaybe(path)).toBe(id)
  })

  test.each(['/system.slice/cron.service', '/a', '/a/b/c', '/user.slice/user-0.slice', '/../x', '/a/..', '/a b/c'])(
    '%s is no container of containerd',
    (path) => {
      expect(cgroupMaybe(path)).toBeUndefined()
    },
  )
})

describe('the container of a thread', () => {
  /** The cgroups of a thread, as captures of these hosts have them. */
  const hosts: Record<string, string[]> = {
    'v1: the same path of each controller': ['cpu', 'memory', 'pids'].map((c) => `${c}=/docker/${A}`),
    'v2: one path': [`cpuset=/system.slice/docker-${A}.scope`, `memory=/system.slice/docker-${A}.scope`],
    'hybrid: controllers of the unified one are at its root': ['cpuset=/', 'cpu=/', `memory=/docker/${A}`, 'pids=/'],
    'hybrid: only the unified path tells': ['cpu=/user.slice', 'memory=/user.slice', `=/kubepods/pod${UID}/${A}`],
  }
  test.each(Object.entries(hosts))('%s', (_, cgroups) => {
    expect(new Containers(() => new Set()).ofCgroups(cgroups)?.fullId).toBe(A)
    expect(new Scan().ofList(cgroups)).toBe(A)
  })

  test('does not exist on the host', () => {
    expect(new Containers(() => new Set()).ofCgroups(['cpu=/', 'memory=/user.slice', '=/init.scope'])).toBeUndefined()
    expect(new Scan().ofList(['cpu=/', 'memory=/system.slice/docker.service'])).toBeUndefined()
  })
})
