namespace GpuNets.Kernels;

/// <summary>The layers of one chunk of pairs on one thread of the host, in buffers of its own that stay in the thread's cache.</summary>
internal readonly unsafe ref struct HostPairChunk<TLanes, T>(PairSumProblem problem, float* scratch)
    where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
{
    private readonly PairSumProblem _problem = problem;
    private readonly float* _scratch = scratch;

    /// <summary>Floats of the buffers: every layer's activations and a gradient.</summary>
    public static int Scratch(PairSumProblem problem) => problem.Plan.Rows * (problem.Widths.Sum() + problem.Widths.Max());

    /// <summary>The activations of a layer.</summary>
    public float* Layer(int layer, DeviceBuffer[]? kept)
    {
        if (layer > 0 && kept is not null) return kept[layer - 1].Floats.Ptr();
        float* activations = _scratch;
        for (int l = 0; l < layer; l++) activations += _problem.Plan.Rows * _problem.Widths[l];
        return activations;
    }

    /// <summary>All layers, or the first alone where the others are known.</summary>
    public void Activations(PairChunk chunk, DeviceBuffer[]? kept, bool known)
    {
        var (plan, width) = (_problem.Plan, _problem.Widths[0]);
        float* left = _problem.Left.Floats.Ptr(), right = _problem.Right.Floats.Ptr();
        float* context = _problem.Context is { } shared ? shared.Floats.Ptr() : null, a = Layer(0, kept);
        for (int e = chunk.Example; e < chunk.Example + chunk.Examples; e++)
            for (int pair = chunk.First; pair < chunk.First + chunk.Pairs; pair++, a += width)
                HostPairRows<TLanes, T>.First(
                    left + (e * plan.Objects + plan.Firsts[pair]) * width, right + (e * plan.Objects + plan.Seconds[pair]) * width,
                    context == null ? null : context + e * width, a, width);
        for (int layer = 1; layer < _problem.Widths.Length && !known; layer++)
            Multiply(
                Layer(layer - 1, kept), _problem.Weights[layer - 1].Floats.Ptr(), Layer(layer, kept),
                new GemmSize(chunk.Rows, _problem.Widths[layer], _problem.Widths[layer - 1], transposeB: true), _problem.Biases[layer - 1], Activation.Relu);
    }

    /// <summary>y (+)= the sums of the last layer over the pairs of each example.</summary>
    public void Sum(PairChunk chunk, DeviceBuffer[]? kept, float* y)
    {
        int width = _problem.Widths[^1];
        float* a = Layer(_problem.Widths.Length - 1, kept);
        for (int e = 0; e < chunk.Examples; e++)
            HostPairRows<TLanes, T>.Sum(a + e * chunk.Pairs * width, chunk.Pairs, width, y + (chunk.Example + e) * width, chunk.Slice > 0);
    }

    /// <summary>
    /// From the activations and dy to the gradient before the first activation, which takes the place of that. Adds the gradients of
    /// weights and biases, layer by layer, to sums of this thread.
    /// </summary>
    public float* Gradients(PairChunk chunk, DeviceBuffer[]? kept, float* dy, float* sums, bool accumulate)
    {
        int[] widths = _problem.Widths;
        int last = widths.Length - 1;
        float* delta = Layer(last, kept), gradient = _scratch + _problem.Plan.Rows * widths.Sum();
        for (int e = 0; e < chunk.Examples; e++)
            HostPairRows<TLanes, T>.Last(
                dy + (chunk.Example + e) * widths[last], _problem.Factor, delta + e * chunk.Pairs * widths[last], chunk.Pairs, widths[last]);
        for (int layer = last; layer > 0; layer--)
        {
            var (width, before) = (widths[layer], widths[layer - 1]);
            float* a = Layer(layer - 1, kept);
            Multiply(delta, a, sums, new GemmSize(width, before, chunk.Rows, transposeA: true), accumulate: accumulate);
            HostPairRows<TLanes, T>.Sum(delta, chunk.Rows, width, sums + width * before, accumulate);
            sums += width * before + width;
            Multiply(delta, _problem.Weights[layer - 1].Floats.Ptr(), gradient, new GemmSize(chunk.Rows, before, width));
            HostPairRows<TLanes, T>.Before(gradient, a, chunk.Rows * before);
            delta = a;
        }
        return delta;
    }

    /// <summary>sums[member] += the gradients of its pairs; cleared before the first pairs of an example.</summary>
    public void Members(PairChunk chunk, float* delta, int[] members, float* sums)
    {
        var (objects, width) = (_problem.Plan.Objects, _problem.Widths[0]);
        for (int e = chunk.Example; e < chunk.Example + chunk.Examples; e++)
        {
            float* example = sums + e * objects * width;
            if (chunk.Slice == 0) new Span<float>(example, objects * width).Clear();
            for (int pair = chunk.First; pair < chunk.First + chunk.Pairs; pair++, delta += width)
                HostPairRows<TLanes, T>.Add(delta, example + members[pair] * width, width);
        }
    }

    private static void Multiply(
        float* a, float* b, float* c, GemmSize size, DeviceBuffer? bias = null, Activation activation = Activation.Identity, bool accumulate = false)
    {
        var product = new HostGemmProblem
        {
            A = a,
            B = b,
            C = c,
            Bias = bias is null ? null : bias.Floats.Ptr(),
            Size = size,
            Activation = activation,
            Accumulate = accumulate,
        };
        HostGemmForms.Run<TLanes, T>(GemmPlan.Host(size), product.Block(0, 0, size.M, 0, size.N));
    }
}
