using GpuNets.Kernels;

namespace GpuNets.Models;

/// <summary>What a machine did over a sequence, for figures: weightings, read vectors and add vectors of every step, on the host.</summary>
public sealed class NtmTrace
{
    private readonly NtmSizes _z;
    private readonly NtmLayout _layout;
    private readonly float[] _log;

    internal NtmTrace(NtmSequence run)
    {
        (_z, _layout) = (run.Sizes, run.Layout);
        _log = new float[run.Log.Length];
        run.Log.Read(_log);
    }

    /// <summary>Number of steps.</summary>
    public int Time => _z.Time;

    /// <summary>Number of sequences.</summary>
    public int Batch => _z.Batch;

    /// <summary>Weightings of a read head: [time, N], in row-major order.</summary>
    /// <param name="sequence">Which sequence of the batch.</param>
    /// <param name="head">Which read head.</param>
    public float[] ReadWeightings(int sequence, int head = 0) => Weightings(sequence, Check(head, _z.Reads, nameof(head)));

    /// <summary>Weightings of a write head: [time, N], in row-major order.</summary>
    /// <inheritdoc cref="ReadWeightings"/>
    public float[] WriteWeightings(int sequence, int head = 0) => Weightings(sequence, _z.Reads + Check(head, _z.Writes, nameof(head)));

    /// <summary>Read vectors of a read head: [time, M], in row-major order.</summary>
    /// <inheritdoc cref="ReadWeightings"/>
    public float[] Reads(int sequence, int head = 0) =>
        Rows(sequence, 1, _layout.Reads, _z.ReadWidth, Check(head, _z.Reads, nameof(head)) * _z.Columns, _z.Columns);

    /// <summary>Add vectors of a write head: [time, M], in row-major order.</summary>
    /// <inheritdoc cref="ReadWeightings"/>
    public float[] Adds(int sequence, int head = 0) => Rows(
        sequence, 0, _layout.Act, _z.HeadsWidth, _z.HeadOffset(_z.Reads + Check(head, _z.Writes, nameof(head))) + _z.AddressWidth + _z.Columns, _z.Columns);

    private float[] Weightings(int sequence, int head) => Rows(sequence, 1, _layout.Weights, _z.Heads * _z.Rows, head * _z.Rows, _z.Rows);

    private float[] Rows(int sequence, int after, int start, int stride, int offset, int width)
    {
        Check(sequence, _z.Batch, nameof(sequence));
        var values = new float[_z.Time * width];
        for (int t = 0; t < _z.Time; t++)
            _log.AsSpan(start + ((t + after) * _z.Batch + sequence) * stride + offset, width).CopyTo(values.AsSpan(t * width));
        return values;
    }

    private static int Check(int index, int count, string name) =>
        (uint)index < (uint)count ? index : throw new ArgumentOutOfRangeException(name, index, $"there are {count}");
}
