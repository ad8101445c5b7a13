using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// y[v] = sum of w[e] x[source of e] over the edges e that arrive at v, without storing a message. dx[u] = sum of w[e] dy[target of e] over
/// the edges that leave u; dw[e] = x[source] dy[target], summed over the columns that share the weight.
/// </summary>
internal sealed class PropagateOp(Tensor x, Tensor? weights, EdgeRoutes routes, EdgeWeight weight, int columns, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(string operation, Tensor x, EdgeRoutes routes, Tensor? weights)
    {
        CheckDevice(operation, x.Device, routes.Sources.Device);
        int columns = SegmentShape.Columns(operation, x, routes.Outgoing.Count, "node");
        var weight = SegmentShape.Weight(operation, x, weights, routes.Sources.Count);
        var y = Tensor.Empty(x.Device, SegmentShape.Rows(x.Shape, routes.Incoming.Count), operation);
        SegmentSum.Run(x.Buffer, routes.Incoming, weight, y.Buffer, columns, mean: false, accumulate: false);
        Recorder(x, weights)?.Add(new PropagateOp(x, weights, routes, weight, columns, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is { } dx)
            SegmentSum.Run(dy, routes.Outgoing, weight, dx, columns, mean: false, accumulate);
        if (weights is not null && tape.Target(weights, out bool accumulateWeights) is { } dw)
            EdgeGradients.Weights(x.Buffer, dy, routes.Sources.Buffer, routes.Targets.Buffer, weight, dw, columns, accumulateWeights);
    }
}

/// <summary>Edges from source rows to target rows, and for every target (source) row the edges that arrive (leave) there.</summary>
internal sealed record EdgeRoutes(IndexTensor Sources, IndexTensor Targets, SegmentLists Incoming, SegmentLists Outgoing);
