using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// y[v] = sum of A[e] x[source of e] over the edges e into v. dx[u] = sum of A[e]^T dy[target] over the edges that leave u, dA[e] = dy[target] x[source]^T.
/// </summary>
internal sealed class EdgeMatrixOp(Tensor x, Tensor matrices, EdgeRoutes routes, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, Tensor matrices, EdgeRoutes routes)
    {
        CheckDevice("EdgeMatrices", x.Device, matrices.Device);
        CheckDevice("EdgeMatrices", x.Device, routes.Sources.Device);
        int nodes = routes.Outgoing.Count, edges = routes.Sources.Count;
        if (x.Shape.Rank != 2 || x.Shape[0] != nodes) throw new ShapeException("EdgeMatrices", $"x {x.Shape} must be [{nodes}, in], a row per node.");
        if (matrices.Shape.Rank != 3 || matrices.Shape[0] != edges || matrices.Shape[2] != x.Shape[1])
            throw new ShapeException("EdgeMatrices", $"matrices {matrices.Shape} must be [{edges}, out, {x.Shape[1]}], one per edge, for x {x.Shape}.");
        var y = Tensor.Empty(x.Device, (routes.Incoming.Count, matrices.Shape[1]), "EdgeMatrices");
        EdgeNetwork.Forward(x.Buffer, matrices.Buffer, routes.Incoming, y.Buffer, x.Shape[1], matrices.Shape[1]);
        Recorder(x, matrices)?.Add(new EdgeMatrixOp(x, matrices, routes, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var (inputs, outputs) = (matrices.Shape[2], matrices.Shape[1]);
        if (tape.Target(x, out bool accumulate) is { } dx) EdgeNetwork.States(dy, matrices.Buffer, routes.Outgoing, dx, inputs, outputs, accumulate);
        if (tape.Target(matrices, out accumulate) is { } dmatrices)
            EdgeNetwork.Matrices(x.Buffer, dy, routes.Sources.Buffer, routes.Targets.Buffer, dmatrices, inputs, outputs, accumulate);
    }
}
