using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// The sum over pairs on the host: a thread takes whole examples through all layers, chunk by chunk in its own cache, so that threads
/// wait for each other once and not after every layer. Gradients of weights are summed per group of examples and then over the
/// groups, whose number depends on sizes alone: the same sums with any number of threads.
/// </summary>
internal static unsafe class HostPairSum
{
    /// <summary>Rows of a chunk: 640 x 256 floats are 0.6 MB. An example of 25 objects is one chunk.</summary>
    public const int ChunkRows = 640;

    /// <summary>Fewer examples than this keep no cores busy: products over threads serve them better.</summary>
    public const int FewestExamples = 8;

    /// <summary>Each has sums of its own for the weights: 0.8 MB with four layers of 256.</summary>
    private const int MostGroups = 16;

    /// <summary>Most floats of all of them: layers of some thousand units leave them out.</summary>
    private const long MostSums = 1 << 26;

    public static bool HasRoom(PairSumProblem problem) => MostGroups * problem.Weights.Sum(weight => (long)weight.Length) <= MostSums;

    public static void Forward(PairSumProblem problem, DeviceBuffer y, PairActivations? kept) => Run(problem, kept, y, null, null);

    public static void Backward(PairSumProblem problem, DeviceBuffer dy, PairSumGradients gradients, PairActivations? kept)
    {
        var device = problem.Device;
        int sums = Enumerable.Range(1, problem.Widths.Length - 1).Sum(layer => problem.Widths[layer] * (problem.Widths[layer - 1] + 1));
        int groups = Groups(problem);
        var partial = device.Allocate(Math.Max(1, groups * sums), "partial gradients of weights");
        Run(problem, kept, dy, gradients, partial);
        int at = 0;
        for (int layer = problem.Widths.Length - 1; layer > 0; layer--)
        {
            var (width, before) = (problem.Widths[layer], problem.Widths[layer - 1]);
            Total(partial, at, groups, sums, width * before, gradients.Weights[layer - 1]);
            Total(partial, at + width * before, groups, sums, width, gradients.Biases[layer - 1]);
            at += width * (before + 1);
        }
        partial.Free();
    }

    /// <summary>Blocks of examples that one thread takes in turn.</summary>
    private static int Groups(PairSumProblem problem) => Math.Min(MostGroups, problem.Plan.Blocks(problem.Batch));

    private static void Run(PairSumProblem problem, PairActivations? kept, DeviceBuffer y, PairSumGradients? gradients, DeviceBuffer? partial)
    {
        if (Vector512.IsHardwareAccelerated) Run<Tile512, Lane512>(problem, kept, y, gradients, partial);
        else Run<Tile256, Lane256>(problem, kept, y, gradients, partial);
    }

    private static void Run<TLanes, T>(PairSumProblem problem, PairActivations? kept, DeviceBuffer y, PairSumGradients? gradients, DeviceBuffer? partial)
        where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        var device = problem.Device;
        int threads = device.Workers.Count, room = HostPairChunk<TLanes, T>.Scratch(problem);
        var scratch = device.Allocate(checked(threads * room), "activations of pairs");
        device.Launches++;
        device.Workers.Run(threads, new Job<TLanes, T>(problem, kept, y, gradients, partial, scratch, room, new Turn()));
        scratch.Free();
    }

    // target (+)= the sums of one layer over the groups.
    private static void Total(DeviceBuffer partial, int at, int groups, int stride, int length, (DeviceBuffer? Buffer, bool Accumulate) target)
    {
        if (target.Buffer is not { } buffer) return;
        float* to = buffer.Floats.Ptr(), from = partial.Floats.Ptr() + at;
        for (int g = 0; g < groups; g++, from += stride)
        {
            if (g == 0 && !target.Accumulate) new Span<float>(from, length).CopyTo(new Span<float>(to, length));
            else if (Vector512.IsHardwareAccelerated) HostPairRows<Tile512, Lane512>.Add(from, to, length);
            else HostPairRows<Tile256, Lane256>.Add(from, to, length);
        }
    }

    private sealed class Turn
    {
        private int _next;

        public int Next() => Interlocked.Increment(ref _next) - 1;
    }

    /// <summary>A part is a thread with its buffers; it takes groups of examples until none is left.</summary>
    private readonly struct Job<TLanes, T>(
        PairSumProblem problem, PairActivations? kept, DeviceBuffer y, PairSumGradients? gradients, DeviceBuffer? partial, DeviceBuffer scratch, int room,
        Turn turn) : IHostJob where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        public void Part(int index)
        {
            var work = new HostPairChunk<TLanes, T>(problem, scratch.Floats.Ptr() + index * room);
            int groups = Groups(problem), blocks = problem.Plan.Blocks(problem.Batch);
            for (int group = turn.Next(); group < groups; group = turn.Next())
            {
                int first = (int)((long)group * blocks / groups) * problem.Plan.Slices, end = (int)((long)(group + 1) * blocks / groups) * problem.Plan.Slices;
                for (int chunk = first; chunk < end; chunk++)
                {
                    if (gradients is null) Forward(work, problem.Plan.Chunk(problem.Batch, chunk), kept?.Of(chunk));
                    else Backward(work, problem.Plan.Chunk(problem.Batch, chunk), kept?.Take(chunk), group, chunk > first);
                }
            }
        }

        private void Forward(in HostPairChunk<TLanes, T> work, PairChunk chunk, DeviceBuffer[]? buffers)
        {
            work.Activations(chunk, buffers, known: false);
            work.Sum(chunk, buffers, y.Floats.Ptr());
            int width = problem.Widths[^1];
            if (chunk.Slice == problem.Plan.Slices - 1 && problem.Factor != 1f)
                HostPairRows<TLanes, T>.Scale(y.Floats.Ptr() + chunk.Example * width, chunk.Examples * width, problem.Factor);
        }

        private void Backward(in HostPairChunk<TLanes, T> work, PairChunk chunk, DeviceBuffer[]? buffers, int group, bool accumulate)
        {
            work.Activations(chunk, buffers, buffers is not null);
            float* sums = partial!.Floats.Ptr() + (nint)group * (partial.Length / Groups(problem));
            float* delta = work.Gradients(chunk, buffers, y.Floats.Ptr(), sums, accumulate);
            if (gradients!.Left is { } left) work.Members(chunk, delta, problem.Plan.Firsts, left.Floats.Ptr());
            if (gradients.Right is { } right) work.Members(chunk, delta, problem.Plan.Seconds, right.Floats.Ptr());
        }
    }
}
