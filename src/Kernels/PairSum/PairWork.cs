using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The layers of one chunk of pairs at a time, with buffers that all chunks share.</summary>
internal sealed class PairWork : IDisposable
{
    private readonly PairSumProblem _problem;
    private readonly DeviceBuffer _members;                                        // first, second member of each pair
    private readonly DeviceBuffer[] _shared;
    private readonly DeviceBuffer[] _activations;                                  // of the current chunk: shared or kept
    private readonly Dictionary<(int Slice, bool Seconds), SegmentLists> _lists = [];
    private DeviceBuffer? _spare;

    public PairWork(PairSumProblem problem)
    {
        _problem = problem;
        var (device, plan) = (problem.Device, problem.Plan);
        _members = device.Allocate(2 * plan.Pairs, "pairs");
        _members.Write([.. plan.Firsts, .. plan.Seconds]);
        _shared = [.. problem.Widths.Select(width => device.Allocate(plan.Rows * width, "activations of pairs"))];
        _activations = [.. _shared];
    }

    /// <summary>All layers; gives the last one's result [rows, width].</summary>
    /// <param name="chunk">The pairs.</param>
    /// <param name="kept">Where the layers after the first go; null for buffers that all chunks share.</param>
    /// <param name="known">Those layers are there already.</param>
    public DeviceBuffer Activations(PairChunk chunk, DeviceBuffer[]? kept, bool known)
    {
        var widths = _problem.Widths;
        for (int layer = 1; layer < widths.Length; layer++) _activations[layer] = kept?[layer - 1] ?? _shared[layer];
        _problem.Device.ForRows(
            new PairFirstLayer
            {
                Left = _problem.Left.Floats,
                Right = _problem.Right.Floats,
                Context = (_problem.Context ?? _problem.Left).Floats,
                A = _activations[0].Floats,
                Rows = Rows(chunk),
                Columns = widths[0],
                HasContext = _problem.Context is null ? 0 : 1,
            },
            chunk.Rows, widths[0], 10f + 0.2f * widths[0]);
        for (int layer = 1; layer < widths.Length && !known; layer++)
            Gemm.Run(
                _activations[layer - 1], _problem.Weights[layer - 1], _activations[layer],
                new GemmSize(chunk.Rows, widths[layer], widths[layer - 1], transposeB: true), _problem.Biases[layer - 1], Activation.Relu);
        return _activations[^1];
    }

    /// <summary>The gradient before the last activation, in its place.</summary>
    public DeviceBuffer LastGradient(PairChunk chunk, DeviceBuffer dy)
    {
        int width = _problem.Widths[^1];
        _problem.Device.ForRows(
            new PairLastGradient { DY = dy.Floats, A = _activations[^1].Floats, Rows = Rows(chunk), Columns = width, Factor = _problem.Factor },
            chunk.Rows, width, 10f + 0.2f * width);
        return _activations[^1];
    }

    /// <summary>dW (+)= delta^T a of the layer before.</summary>
    public void WeightGradient(PairChunk chunk, int layer, DeviceBuffer delta, DeviceBuffer dw, bool accumulate) => Gemm.Run(
        delta, _activations[layer - 1], dw,
        new GemmSize(_problem.Widths[layer], _problem.Widths[layer - 1], chunk.Rows, transposeA: true), accumulate: accumulate);

    /// <summary>The gradient before the activation of the layer before.</summary>
    public DeviceBuffer Before(PairChunk chunk, int layer, DeviceBuffer delta)
    {
        int width = _problem.Widths[layer - 1];
        _spare ??= _problem.Device.Allocate(_problem.Plan.Rows * _problem.Widths.Max(), "gradients of pairs");
        var gradient = _spare.Slice(0, chunk.Rows * width);
        Gemm.Run(delta, _problem.Weights[layer - 1], gradient, new GemmSize(chunk.Rows, width, _problem.Widths[layer]));
        // Into the activations, which nothing needs any more.
        var target = _activations[layer - 1].Slice(0, chunk.Rows * width);
        Elementwise.Backward<Relu>(target, target, gradient, target);
        return target;
    }

    /// <summary>Sums of the first layer's gradient over the pairs of every first, or second, member.</summary>
    public void Members(PairChunk chunk, DeviceBuffer delta, DeviceBuffer sums, bool seconds)
    {
        var lists = Lists(chunk, seconds);
        int width = _problem.Widths[0], objects = _problem.Plan.Objects;
        var target = sums.Slice(chunk.Example * objects * width, chunk.Examples * objects * width);
        var arguments = new SegmentSumArguments
        {
            X = delta.Floats,
            W = delta.Floats,
            Y = target.Floats,
            Starts = lists.Starts.Ints,
            Rows = lists.Rows.Ints,
            Edges = lists.Edges.Ints,
            Entries = lists.Entries,
            Targets = lists.Starts.Ints,
            Segments = new StridedAxis(objects, 0, 0),
            XOuter = chunk.Pairs * width,
            YOuter = objects * width,
            Stride = width,
            Width = width,
        };
        SegmentSum.Launch(_problem.Device, arguments, chunk.Examples * objects, (float)chunk.Pairs / objects, accumulate: chunk.Slice > 0);
    }

    public void Dispose()
    {
        foreach (var lists in _lists.Values)
        {
            lists.Starts.Free();
            lists.Rows.Free();
        }
        foreach (var activation in _shared) activation.Free();
        _spare?.Free();
        _members.Free();
    }

    private PairRows Rows(PairChunk chunk) => new()
    {
        Firsts = _members.Ints,
        Seconds = _members.Ints.SubView(_problem.Plan.Pairs, _problem.Plan.Pairs),
        Pairs = new StridedAxis(chunk.Pairs, 0, 0),
        Example = chunk.Example,
        First = chunk.First,
        Objects = _problem.Plan.Objects,
    };

    private SegmentLists Lists(PairChunk chunk, bool seconds)
    {
        if (_lists.TryGetValue((chunk.Slice, seconds), out var known)) return known;
        var (device, plan) = (_problem.Device, _problem.Plan);
        var (starts, order) = SegmentOrder.Of((seconds ? plan.Seconds : plan.Firsts).AsSpan(chunk.First, chunk.Pairs), plan.Objects);
        DeviceBuffer startsBuffer = device.Allocate(starts.Length, "members of pairs"), rows = device.Allocate(order.Length, "members of pairs");
        startsBuffer.Write(starts);
        rows.Write(order);
        return _lists[(chunk.Slice, seconds)] = new SegmentLists(startsBuffer, rows, rows);
    }
}
