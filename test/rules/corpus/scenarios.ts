// For each rule of rules.yaml a script that fires it, and a similar one that does not.

export interface Scenario {
  readonly rule: string
  /** a script that fires the rule; $T is an empty folder, $ATTACK the program of attack.c, $PODMAN a podman with an image of busybox */
  readonly fires: string
  /** one that does not */
  readonly quiet: string
  /** other rules that both may fire */
  readonly also?: readonly string[]
  /** it starts containers */
  readonly containers?: true
}

const RUN = '"$PODMAN" run --rm --network=none'

export const SCENARIOS: readonly Scenario[] = [
  {
    rule: 'Write below etc',
    fires: 'echo x > /etc/ksys-rules-test; rm /etc/ksys-rules-test',
    quiet: 'mkdir $T/etc; echo x > $T/etc/passwd; cat /etc/passwd > /dev/null',
  },
  {
    rule: 'Read secrets',
    fires: 'cat /etc/shadow > /dev/null',
    quiet:
      'cat /etc/passwd > /dev/null; cp /bin/cat $T/ksys-backup; $T/ksys-backup /etc/shadow > /dev/null; stat /etc/shadow > /dev/null',
  },
  {
    rule: 'Becomes another user in vain',
    fires: '$ATTACK setuid nobody',
    quiet: '$ATTACK setuid root',
  },
  { rule: 'Attaches to a process', fires: '$ATTACK attach', quiet: '$ATTACK traceme', also: ['Traces itself'] },
  { rule: 'Traces itself', fires: '$ATTACK traceme', quiet: '$ATTACK attach', also: ['Attaches to a process'] },
  { rule: 'Packet socket', fires: '$ATTACK socket packet', quiet: '$ATTACK socket raw' },
  { rule: 'Program from memory', fires: '$ATTACK memfd', quiet: '$ATTACK file' },
  {
    rule: 'Symlink to secrets',
    fires: 'ln -s /etc/shadow $T/link',
    quiet: 'ln -s /etc/hostname $T/link; ln -s shadow $T/etc-shadow',
  },
  {
    rule: 'Hard link to secrets',
    fires: '$ATTACK link /etc/shadow $T/link',
    quiet: 'echo x > $T/shadow; $ATTACK link $T/shadow $T/link',
  },
  {
    rule: 'Mount',
    fires: 'unshare -m sh -c "mount -n -t tmpfs none $T"',
    quiet: 'mount > /dev/null; umount $T 2> /dev/null || true',
  },
  { rule: 'Kernel module', fires: '$ATTACK module', quiet: 'cat /proc/modules > /dev/null' },
  { rule: 'User namespace', fires: 'unshare -U true', quiet: 'unshare -u true' },
  {
    rule: 'Enters a namespace',
    fires: 'nsenter --uts=/proc/self/ns/uts true',
    quiet: 'unshare -u true; ls -l /proc/self/ns > /dev/null',
  },
  { rule: 'Faults handled by a program', fires: '$ATTACK userfaultfd', quiet: '$ATTACK eventfd' },
  { rule: 'BPF program loaded', fires: '$ATTACK bpf load', quiet: '$ATTACK bpf map' },
  {
    rule: 'History removed',
    fires: 'touch $T/.bash_history; rm $T/.bash_history',
    quiet: 'touch $T/.bash_history; cat $T/.bash_history; touch $T/other; rm $T/other',
  },
  {
    rule: 'Set-user-ID bit',
    fires: 'touch $T/program; chmod u+s $T/program',
    quiet: 'touch $T/program; chmod 755 $T/program; chmod +t $T',
  },
  { rule: 'Standard stream to the network', fires: '$ATTACK reverse', quiet: '$ATTACK redirect' },
  {
    rule: 'Program renamed',
    fires: '$ATTACK rename /usr/bin/ksys-none /usr/bin/ksys-none-either',
    quiet: 'touch $T/a; mv $T/a $T/b',
  },
  {
    rule: 'File below dev',
    fires: 'echo x > /dev/ksys-rules-test; rm /dev/ksys-rules-test',
    quiet: 'echo x > /dev/null; echo x > /dev/shm/ksys-rules-test; rm /dev/shm/ksys-rules-test',
  },
  {
    rule: 'Shell of a server',
    fires: 'cp /bin/sh $T/ksys-httpd; $T/ksys-httpd -c "sh -c true; true"',
    quiet: 'cp /bin/sh $T/ksys-other; $T/ksys-other -c "sh -c true; true"',
  },
  { rule: 'Encoded program', fires: 'echo aGk= | base64 -d > /dev/null', quiet: 'echo hi | base64 > /dev/null' },
  {
    rule: 'Search for private keys',
    fires: 'find $T -name ID_RSA',
    quiet: 'find $T -name id_rsb; ls $T/id_rsa 2> /dev/null || true',
  },
  {
    rule: 'Terminal shell in container',
    fires: `${RUN} -t $IMAGE /bin/sh -c true`,
    quiet: `${RUN} $IMAGE /bin/sh -c true; script -qc "sh -c true" /dev/null > /dev/null`,
    also: OF_RUNTIMES(),
    containers: true,
  },
  {
    rule: 'Program that the image lacks',
    fires: `${RUN} $IMAGE /bin/sh -c "cp /bin/busybox /tmp/true; /tmp/true"`,
    quiet: `${RUN} $IMAGE /bin/sh -c "cp /bin/busybox /tmp/true; /bin/true"`,
    also: OF_RUNTIMES(),
    containers: true,
  },
  {
    rule: 'Privileged container',
    fires: `${RUN} --privileged $IMAGE /bin/true`,
    quiet: `${RUN} --cap-add=SYS_ADMIN $IMAGE /bin/true`,
    also: OF_RUNTIMES(),
    containers: true,
  },
  {
    rule: 'Sensitive mount',
    fires: `${RUN} -v /etc:/host-etc:ro $IMAGE /bin/true`,
    quiet: `${RUN} -v $T:/host-etc:ro $IMAGE /bin/true`,
    also: OF_RUNTIMES(),
    containers: true,
  },
]

/** The operations of a runtime whenever it starts a container. */
function OF_RUNTIMES(): string[] {
  return [
    'Mount',
    'Enters a namespace',
    'User namespace',
    'BPF program loaded',
    'Program from memory',
    'Write below etc',
    'File below dev',
  ]
}
