using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// s[v] = sum of the outer products x[source] f[e] over the edges e into v. dx[u] = sum of ds[target] f[e] over the edges that leave u,
/// df[e] = x[source]^T ds[target].
/// </summary>
internal sealed class EdgeMomentsOp(Tensor x, Tensor features, EdgeRoutes routes, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(string operation, Tensor x, Tensor features, EdgeRoutes routes)
    {
        CheckDevice(operation, x.Device, features.Device);
        CheckDevice(operation, x.Device, routes.Sources.Device);
        int nodes = routes.Outgoing.Count, edges = routes.Sources.Count;
        if (x.Shape.Rank != 2 || x.Shape[0] != nodes) throw new ShapeException(operation, $"x {x.Shape} must be [{nodes}, in], a row per node.");
        if (features.Shape.Rank != 2 || features.Shape[0] != edges)
            throw new ShapeException(operation, $"features {features.Shape} must be [{edges}, size], a row per edge.");
        var y = Tensor.Empty(x.Device, (routes.Incoming.Count, x.Shape[1], features.Shape[1]), operation);
        EdgeNetwork.Moments(x.Buffer, features.Buffer, routes.Incoming, y.Buffer, x.Shape[1], features.Shape[1]);
        Recorder(x, features)?.Add(new EdgeMomentsOp(x, features, routes, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var (inputs, columns) = (x.Shape[1], features.Shape[1]);
        if (tape.Target(x, out bool accumulate) is { } dx) EdgeNetwork.MomentStates(dy, features.Buffer, routes.Outgoing, dx, inputs, columns, accumulate);
        if (tape.Target(features, out accumulate) is { } df)
            EdgeNetwork.MomentFeatures(x.Buffer, dy, routes.Sources.Buffer, routes.Targets.Buffer, df, inputs, columns, accumulate);
    }
}
