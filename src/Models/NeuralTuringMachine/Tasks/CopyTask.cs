using System.Text.Json.Serialization;

namespace GpuNets.Models;

/// <summary>
/// The copy task: a sequence of random bit vectors, a delimiter on a channel of its own, then as many empty steps, in which the sequence
/// must come out again. All sequences of a batch have the same length.
/// </summary>
public sealed record CopyTask : INtmTask
{
    /// <summary>Bits per vector.</summary>
    public int Width { get; init; } = 8;

    /// <summary>Shortest sequence.</summary>
    public int MinLength { get; init; } = 1;

    /// <summary>Longest sequence.</summary>
    public int MaxLength { get; init; } = 20;

    /// <summary>Lengths at which generalisation is measured.</summary>
    public IReadOnlyList<int> TestLengths { get; init; } = [10, 20, 30, 50, 80, 120];

    /// <inheritdoc/>
    [JsonIgnore]
    public string Name => "copy";

    /// <inheritdoc/>
    [JsonIgnore]
    public int Inputs => Width + 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public int Outputs => Width;

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<(string Label, INtmTask Task)> Generalisation => [.. TestLengths.Select(length => ($"{length}", (INtmTask)AtLength(length)))];

    /// <summary>The task with sequences of one length.</summary>
    public CopyTask AtLength(int length) => this with { MinLength = length, MaxLength = length };

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A setting of the task makes no sense.</exception>
    public NtmBatch Generate(int size, ulong seed, long index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (Width < 1 || MinLength < 1 || MaxLength < MinLength)
            throw new ArgumentException($"CopyTask: Width {Width} must be at least 1 and lengths {MinLength} to {MaxLength} a range from 1 on.");
        var random = new Philox(seed).Fork($"copy {index}");
        int length = MinLength + random.Below(0, MaxLength - MinLength + 1), time = 2 * length + 1;
        float[] inputs = new float[time * size * Inputs], targets = new float[time * size * Width], mask = new float[time * size];
        uint draw = 1;
        for (int t = 0; t < length; t++)
        {
            for (int b = 0; b < size; b++)
            {
                for (int bit = 0; bit < Width; bit++)
                {
                    float value = random.Bits(draw++) >> 31;
                    inputs[(t * size + b) * Inputs + bit] = value;
                    targets[((length + 1 + t) * size + b) * Width + bit] = value;
                }
            }
        }
        for (int b = 0; b < size; b++) inputs[(length * size + b) * Inputs + Width] = 1f;
        Array.Fill(mask, 1f, (length + 1) * size, length * size);
        return new NtmBatch(inputs, targets, mask, [.. Enumerable.Repeat(time, size)]);
    }
}
