namespace GpuNets;

/// <content>Operations on rows that belong to segments, and messages along the edges of graphs. Rows run along axis 0.</content>
public partial class Tensor
{
    /// <summary>
    /// Sums of the rows of each segment, y[s] = sum of w[row] x[row]: [rows, ...] gives [segments, ...]. A segment without rows gives 0.
    /// </summary>
    /// <param name="segments">The segment of each row.</param>
    /// <param name="weights">
    /// Weights w: [rows], one per row; or with more axes of this tensor, one for each of their elements (attention weights [rows, heads] of
    /// values [rows, heads, size]). Null: 1.
    /// </param>
    /// <exception cref="ShapeException">The number of rows or the shape of the weights does not fit.</exception>
    public Tensor SegmentSum(Segments segments, Tensor? weights = null) => SegmentSumOp.Apply("SegmentSum", this, segments, weights, mean: false);

    /// <summary>Means of the rows of each segment: [rows, ...] gives [segments, ...]. A segment without rows gives 0.</summary>
    /// <exception cref="ShapeException">The number of rows does not fit.</exception>
    public Tensor SegmentMean(Segments segments) => SegmentSumOp.Apply("SegmentMean", this, segments, null, mean: true);

    /// <summary>
    /// Maxima of the rows of each segment, column by column; NaN where there is one. The gradient goes to the first of equal maxima. A
    /// segment without rows gives 0, and no gradient.
    /// </summary>
    /// <exception cref="ShapeException">The number of rows does not fit.</exception>
    public Tensor SegmentMax(Segments segments) => SegmentMaxOp.Apply(this, segments);

    /// <summary>Softmax over the rows of each segment, column by column: positive numbers whose segment sums are 1.</summary>
    /// <exception cref="ShapeException">The number of rows does not fit.</exception>
    public Tensor SegmentSoftmax(Segments segments) => SegmentSoftmaxOp.Apply(this, segments);

    /// <summary>Gives every row what its segment has, y[row] = x[segment of row]: [segments, ...] gives [rows, ...].</summary>
    /// <exception cref="ShapeException">This tensor has not one row per segment.</exception>
    public Tensor Spread(Segments segments) => SpreadOp.Apply(this, segments);

    /// <summary>
    /// Multiplies every row with the matrix of its segment, y[row] = A[segment of row] x[row]: [rows, in] gives [rows, out]. One launch for
    /// all segments, of any sizes; rows need not be sorted.
    /// </summary>
    /// <param name="segments">The segment of each row: labels of edges, experts of tokens.</param>
    /// <param name="matrices">A: [segments, out, in].</param>
    /// <exception cref="ShapeException">The number of rows or the shape of the matrices does not fit.</exception>
    public Tensor SegmentMatMul(Segments segments, Tensor matrices) => SegmentMatMulOp.Apply(this, segments, matrices);

    /// <summary>
    /// Adds rows up by index, y[index[row]] += x[row] from zeros on: [rows, ...] gives [count, ...]. For an index that is used more than
    /// once make <see cref="Segments"/> of it, which are sorted once, and call <see cref="SegmentSum"/>.
    /// </summary>
    /// <param name="index">Where each row goes: [rows].</param>
    /// <param name="count">Rows of the result.</param>
    /// <param name="form">Sorted first and reproducible, or with atomics (CUDA only).</param>
    /// <exception cref="ShapeException">The number of rows does not fit, or an index is not below <paramref name="count"/>.</exception>
    /// <exception cref="NotSupportedException">The atomic form on a device that is not CUDA.</exception>
    public Tensor ScatterAdd(IndexTensor index, int count, ScatterForm form = ScatterForm.Sorted) => ScatterAddOp.Apply(this, index, count, form);

    /// <summary>
    /// Sends every node's values along the edges that leave it and adds up what arrives, y[v] = sum of w[e] x[source of e] over the edges
    /// e into v: [nodes, ...] gives [nodes, ...]. No message is stored. A node without incoming edges gets 0.
    /// </summary>
    /// <param name="graphs">The edges.</param>
    /// <param name="weights">
    /// Weights w: [edges], one per edge; or with more axes of this tensor, one for each of their elements ([edges, size]: a filter for every
    /// column). Null: 1.
    /// </param>
    /// <exception cref="ShapeException">This tensor has not one row per node, or the shape of the weights does not fit.</exception>
    public Tensor Propagate(GraphBatch graphs, Tensor? weights = null) => PropagateOp.Apply("Propagate", this, graphs.Routes, weights);
}
