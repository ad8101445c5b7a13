namespace GpuNets;

/// <content>Messages whose matrices depend on edges.</content>
public partial class Tensor
{
    /// <summary>
    /// Messages of an edge network, y[v] = sum of A[e] x[source of e] over the edges e into v: [nodes, in] gives [nodes, out]. No message is
    /// stored. A node without incoming edges gets 0.
    /// </summary>
    /// <param name="graphs">The edges.</param>
    /// <param name="matrices">A: [edges, out, in].</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public Tensor EdgeMatrices(GraphBatch graphs, Tensor matrices) => EdgeMatrixOp.Apply(this, matrices, graphs.Routes);

    /// <summary>
    /// The same for matrices that are linear in features of the edges, A[e] = W f[e] + b read as [out, in], without making them:
    /// y[v] = sum_c W_c (sum over edges of f[e, c] x[source]). States and features are summed up per node first, then one matrix
    /// product does the rest: exact, and far less work where nodes have many edges.
    /// </summary>
    /// <param name="graphs">The edges.</param>
    /// <param name="features">f: [edges, size].</param>
    /// <param name="weight">W as a <see cref="Linear"/> layer has it: [out * in, size].</param>
    /// <param name="bias">b: [out * in]; null for none.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public Tensor EdgeLinear(GraphBatch graphs, Tensor features, Tensor weight, Tensor? bias = null)
    {
        var moments = EdgeMomentsOp.Apply("EdgeLinear", this, features, graphs.Routes);   // [nodes, in, size]
        int inputs = Shape[1], size = features.Shape[1];
        if (weight.Shape.Rank != 2 || weight.Shape[1] != size || inputs == 0 || weight.Shape[0] % inputs != 0)
            throw new ShapeException("EdgeLinear", $"weight {weight.Shape} must be [out * {inputs}, {size}] for x {Shape} and features {features.Shape}.");
        if (bias is not null && bias.Shape != new Shape(weight.Shape[0]))
            throw new ShapeException("EdgeLinear", $"the bias has shape {bias.Shape}, expected [{weight.Shape[0]}].");
        int outputs = weight.Shape[0] / inputs;
        var y = moments.Reshape(Shape[0], inputs * size).MatMul(weight.Reshape(outputs, inputs * size), transposeOther: true);
        return bias is null ? y : y + Propagate(graphs).MatMul(bias.Reshape(outputs, inputs), transposeOther: true);
    }

    /// <summary>
    /// Messages with a matrix per label of an edge, y[v] = sum of A[label of e] x[source of e] over the edges e into v: [nodes, in] gives
    /// [nodes, out]. Where nodes have several edges per label, what arrives is summed up per node and label first, and one matrix product does
    /// the rest; else every message is multiplied, all labels in one launch.
    /// </summary>
    /// <param name="labels">The edges with their labels.</param>
    /// <param name="matrices">A: [labels, out, in].</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public Tensor LabelMatrices(EdgeLabels labels, Tensor matrices)
    {
        Op.CheckDevice("LabelMatrices", Device, labels.Graphs.Device);
        if (Shape.Rank != 2) throw new ShapeException("LabelMatrices", $"x {Shape} must be [nodes, in].");
        if (matrices.Shape.Rank != 3 || matrices.Shape[0] != labels.Count || matrices.Shape[2] != Shape[1])
            throw new ShapeException("LabelMatrices", $"matrices {matrices.Shape} must be [{labels.Count}, out, {Shape[1]}], one per label, for x {Shape}.");
        if (labels.AreSparse)
        {
            SegmentShape.Columns("LabelMatrices", this, labels.Graphs.Nodes, "node");
            return Spread(labels.Graphs.EdgesBySource).SegmentMatMul(labels.ByLabel, matrices).SegmentSum(labels.Graphs.EdgesByTarget);
        }
        int terms = labels.Count * Shape[1];
        var sums = PropagateOp.Apply("LabelMatrices", this, labels.Routes, null).Reshape(Shape[0], terms);   // [nodes, labels * in]
        return sums.MatMul(matrices.Permute(0, 2, 1).Reshape(terms, matrices.Shape[1]));
    }
}
