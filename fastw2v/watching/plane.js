// Principal components of the input vectors: the plane in which they vary most.

const SWEEPS = 30; // of Jacobi's method; it needs some ten
const SMALL = 1e-28; // off the diagonal, of the whole

// Eigenvalues and eigenvectors (rows) of a symmetric matrix, by Jacobi's rotations; falling.
function eigen(matrix) {
  const size = matrix.length, a = matrix.map((row) => Float64Array.from(row));
  const vectors = a.map((_, i) => Float64Array.from(a, (__, j) => Number(i === j)));
  const whole = a.reduce((sum, row) => sum + dot(row, row), 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) off += a[i][j] ** 2;
    if (off <= SMALL * whole) break;
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) rotate(a, vectors, i, j);
  }
  return a.map((row, i) => ({ value: row[i], vector: vectors[i] }))
    .sort((one, other) => other.value - one.value);
}

// Make a[i][j] zero.
function rotate(a, vectors, i, j) {
  if (a[i][j] === 0) return;
  const ratio = (a[j][j] - a[i][i]) / (2 * a[i][j]);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(ratio, 1));
  const cosine = 1 / Math.hypot(tangent, 1), sine = tangent * cosine;
  const turn = (one, other, d) => {
    const [x, y] = [one[d], other[d]];
    one[d] = cosine * x - sine * y;
    other[d] = sine * x + cosine * y;
  };
  for (let d = 0; d < a.length; d++) turn(a[i], a[j], d);
  for (const row of a) {
    const [x, y] = [row[i], row[j]];
    row[i] = cosine * x - sine * y;
    row[j] = sine * x + cosine * y;
  }
  a[i][j] = a[j][i] = 0;
  for (let d = 0; d < a.length; d++) turn(vectors[i], vectors[j], d);
}

// { mean, axes: two vectors, share of the variance }. ``before``: a plane whose points of the same
// rows the new ones should be close to: turned, or mirrored, to it.
function planeOf(rows, before = null) {
  const size = rows[0].length, mean = new Float64Array(size);
  for (const row of rows) row.forEach((value, d) => { mean[d] += value / rows.length; });
  const covariance = rowsOf(size, size);
  for (const row of rows) {
    const centred = row.map((value, d) => value - mean[d]);
    centred.forEach((x, i) => centred.forEach((y, j) => { covariance[i][j] += x * y; }));
  }
  const found = eigen(covariance), zero = new Float64Array(size);
  const axes = [found[0].vector, found[1]?.vector ?? zero];
  const total = found.reduce((sum, { value }) => sum + value, 0);
  const share = total > 0 ? (found[0].value + (found[1]?.value ?? 0)) / total : 1;
  const plane = { mean, axes, share };
  return before ? turned(plane, rows, before) : plane;
}

const pointOf = ({ mean, axes }, row) => {
  const centred = row.map((value, d) => value - mean[d]);
  return axes.map((axis) => dot(axis, centred));
};

// Orthogonal Procrustes in two dimensions (Schönemann 1966), mirrored if that is closer.
function turned(plane, rows, before) {
  const sums = [[0, 0], [0, 0]];
  for (const row of rows) {
    const point = pointOf(plane, row), old = pointOf(before, row);
    for (const i of [0, 1]) for (const j of [0, 1]) sums[i][j] += old[i] * point[j];
  }
  const [[a, b], [c, d]] = sums;
  const straight = Math.hypot(a + d, c - b), mirrored = Math.hypot(a - d, c + b);
  if (Math.max(straight, mirrored) < 1e-300) return plane;
  const isMirrored = mirrored > straight;
  const angle = isMirrored ? Math.atan2(c + b, a - d) : Math.atan2(c - b, a + d);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)], sign = isMirrored ? -1 : 1;
  const [first, second] = plane.axes;
  const axes = [
    first.map((value, at) => cosine * value - sign * sine * second[at]),
    first.map((value, at) => sine * value + sign * cosine * second[at]),
  ];
  return { ...plane, axes };
}
