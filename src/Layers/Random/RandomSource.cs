using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Hands out one sequence of random numbers per call: what dropout and other noise of a training step draw from. Its whole state is
/// a seed and a counter, so that saving and restoring <see cref="State"/> resumes a run exactly.
/// </summary>
/// <param name="seed">Seed of all draws.</param>
public sealed class RandomSource(ulong seed)
{
    /// <summary>Seed and number of draws so far; set it to continue from a checkpoint.</summary>
    public RandomState State { get; set; } = new(seed, 0);

    /// <summary>A sequence that was not handed out before; advances the counter.</summary>
    /// <remarks>In a captured step each run draws anew.</remarks>
    public Philox Next() => StepRecording.Current is { } recording ? new CapturedSequence(recording, Draw).Sequence : Draw();

    private Philox Draw()
    {
        var (seed, counter) = State;
        State = new RandomState(seed, counter + 1);
        // A sequence is named by 32 bits; what is above them moves to the seed (times the golden ratio, so that nearby seeds do not meet).
        return new Philox(seed ^ ((counter >> 32) * 0x9E3779B97F4A7C15), (uint)counter);
    }

    /// <inheritdoc/>
    public override string ToString() => $"RandomSource seed {State.Seed}, {State.Counter} draws";
}
