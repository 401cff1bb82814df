/** The version that the doubles stand in for, as image tags have it. */
export const doubleVersion = 'v1.34.9';

/** What the doubles call themselves wherever a version is shown: a build of it that nobody takes for the real one. */
export const shownVersion = `${doubleVersion}+hlb-test-double`;

/** A label of every image that is a double: the kubelet's double mounts their common runtime into its containers. */
export const doubleLabel = 'hlb.test-double';

/** Where hosts and containers find the runtime of the doubles, and the files that steer them. */
export const runtimeDir = '/opt/hlb-doubles';
export const settingsDir = '/etc/hlb-lab';
