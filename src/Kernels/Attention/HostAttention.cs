using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>Attention on the host's cores; results do not depend on the number of threads.</summary>
internal static unsafe class HostAttention
{
    // A constant to the JIT, which drops the other branch.
    private static readonly bool s_wide = Vector512.IsHardwareAccelerated;

    public static void Forward(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax)
    {
        if (s_wide) Forward<Tile512, Lane512>(problem, output, softmax);
        else Forward<Tile256, Lane256>(problem, output, softmax);
    }

    public static void Backward(
        AttentionProblem problem, in AttentionOperand output, DeviceBuffer softmax, in AttentionOperand outputGradient, AttentionGradients gradients)
    {
        if (s_wide) Backward<Tile512, Lane512>(problem, output, softmax, outputGradient, gradients);
        else Backward<Tile256, Lane256>(problem, output, softmax, outputGradient, gradients);
    }

    /// <summary>Runs with registers of a given width.</summary>
    public static void Forward<TLanes, T>(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        var (device, size) = (problem.Device, problem.Size);
        device.Launches++;
        int blocks = (size.Queries + HostAttentionPlan.Queries - 1) / HostAttentionPlan.Queries;
        bool packs = size.Queries > HostAttentionPlan.MostDotQueries;
        // Enough pairs for all threads: each thread packs the keys of its own. Else all pairs are packed first, and threads share them.
        bool shared = packs && size.Pairs < 2 * device.Workers.Count;
        int panels = packs ? HostPanels<TLanes, T>.Length(size.Keys, size.Size) : 0;
        int items = shared || !packs ? size.Pairs * blocks : size.Pairs;
        // A core does about 100 flops per nanosecond here, or reads 20 bytes.
        double work = (double)size.Pairs * size.Keys * (size.Size + size.ValueSize) * Math.Max(2.0 * size.Queries / 100, 0.2);
        int parts = HostAttentionPlan.Parts(items, work, device.Workers.Count);
        int scratch = HostAttentionForward<TLanes, T>.Scratch(size) + (shared ? 0 : panels);
        var memory = device.Allocate(checked(scratch * parts + (shared ? panels * size.Pairs : 0)), "scratch of attention");
        var job = new HostAttentionForward<TLanes, T>
        {
            Size = size,
            Rule = problem.Rule,
            Query = new(problem.Query),
            Key = new(problem.Key),
            Value = new(problem.Value),
            Output = new(output),
            Softmax = softmax is null ? null : softmax.Floats.Ptr(),
            Lengths = problem.Lengths is null ? null : problem.Lengths.Ints.Ptr(),
            Bias = problem.Bias is null ? null : problem.Bias.Floats.Ptr(),
            Blocks = blocks,
            Items = items,
            Parts = parts,
            Memory = memory.Floats.Ptr(),
            SlotLength = scratch,
            PanelsLength = panels,
            Packs = packs,
            Shared = shared,
        };
        if (shared)
        {
            var pack = new HostAttentionPack<TLanes, T> { Size = size, Key = job.Key, Memory = job.SharedPanels, Parts = parts > 1 ? device.Workers.Count : 1 };
            Run(device, parts > 1 ? pack.Parts * size.Pairs : size.Pairs, parts, pack);
        }
        Run(device, parts, parts, job);
        memory.Free();
    }

    /// <summary>Runs with registers of a given width.</summary>
    public static void Backward<TLanes, T>(
        AttentionProblem problem, in AttentionOperand output, DeviceBuffer softmax, in AttentionOperand outputGradient, AttentionGradients gradients)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        var (device, size) = (problem.Device, problem.Size);
        device.Launches++;
        if (gradients.Bias is { } biasGradient) device.Clear(biasGradient);
        // A core does about 100 flops per nanosecond here.
        double work = 6.0 * size.Rows * size.Keys * (size.Size + size.ValueSize) / 100;
        var deltas = new HostAttentionDeltas<T> { Size = size, Output = new(output), OutputGradient = new(outputGradient) };
        var deltasMemory = device.Allocate(size.Rows, "row sums of attention");
        deltas.Deltas = deltasMemory.Floats.Ptr();
        deltas.Parts = HostAttentionPlan.Parts(size.Rows, size.Rows * (5 + 0.2 * size.ValueSize), device.Workers.Count);
        Run(device, deltas.Parts, deltas.Parts, deltas);

        int keyParts = HostAttentionPlan.KeyParts(size);
        var rule = problem.Rule;
        var job = new HostAttentionBackward<TLanes, T>
        {
            Size = size,
            Rule = rule,
            Query = new(problem.Query),
            Key = new(problem.Key),
            Value = new(problem.Value),
            OutputGradient = new(outputGradient),
            QueryGradient = Place(gradients.Query),
            KeyGradient = Place(gradients.Key),
            ValueGradient = Place(gradients.Value),
            Softmax = softmax.Floats.Ptr(),
            Deltas = deltas.Deltas,
            Lengths = problem.Lengths is null ? null : problem.Lengths.Ints.Ptr(),
            Bias = problem.Bias is null ? null : problem.Bias.Floats.Ptr(),
            KeyParts = keyParts,
        };
        // Pairs that share a bias would add to its gradient at the same time: a pass of its own then walks over them in order.
        bool shares = gradients.Bias is not null && (rule.BiasBatch == 0 && size.Batch > 1 || rule.BiasHead == 0 && size.Heads > 1);
        if (gradients.Bias is not null && !shares) job.BiasGradient = gradients.Bias.Floats.Ptr();
        bool splits = keyParts > 1 && gradients.Query is not null;
        var partial = splits ? device.Allocate(checked(size.Rows * size.Size * keyParts), "partial gradients of queries") : null;
        if (partial is not null) job.Partial = partial.Floats.Ptr();
        job.Parts = HostAttentionPlan.Parts(job.Items, work, device.Workers.Count);
        var memory = device.Allocate(checked(HostAttentionBackward<TLanes, T>.Scratch(size) * job.Parts), "scratch of attention");
        job.Memory = memory.Floats.Ptr();
        Run(device, job.Parts, job.Parts, job);
        if (partial is not null)
        {
            var totals = new HostAttentionTotals<T>
            {
                Size = size,
                QueryGradient = job.QueryGradient,
                Partial = job.Partial,
                Scale = problem.Scale,
                KeyParts = keyParts,
                Parts = deltas.Parts,
            };
            Run(device, totals.Parts, totals.Parts, totals);
            partial.Free();
        }
        if (shares)
        {
            job.ByBias = true;
            job.BiasGradient = gradients.Bias!.Floats.Ptr();
            (job.QueryGradient, job.KeyGradient, job.ValueGradient) = (default, default, default);
            // Each part of the keys has columns of the gradient of its own.
            job.KeyParts = (size.Keys + HostAttentionPlan.BackwardKeys - 1) / HostAttentionPlan.BackwardKeys;
            job.Parts = Math.Min(job.Parts, job.Items);
            Run(device, job.Parts, job.Parts, job);
        }
        memory.Free();
        deltasMemory.Free();
    }

    private static HostAttentionPlace Place(AttentionOperand? operand) => operand is { } there ? new(there) : default;

    private static void Run<TJob>(Device device, int count, int parts, TJob job) where TJob : struct, IHostJob
    {
        if (parts > 1) device.Workers.Run(count, job);
        else for (int i = 0; i < count; i++) job.Part(i);
    }
}
