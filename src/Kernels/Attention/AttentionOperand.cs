namespace GpuNets.Kernels;

/// <summary>
/// Where one operand of an attention lies: element i of time step t of head h of sample b is at
/// Offset + b * Batch + h * Head + t * Time + i, so that projections are read and written in place.
/// </summary>
internal readonly record struct AttentionOperand(DeviceBuffer Buffer, int Offset, int Batch, int Head, int Time)
{
    /// <summary>A contiguous [batch, heads, time, size].</summary>
    public static AttentionOperand Apart(DeviceBuffer buffer, int heads, int time, int size) =>
        new(buffer, 0, heads * time * size, time * size, size);

    /// <summary>Heads side by side in a row of [batch, time, row], from one of its elements on.</summary>
    public static AttentionOperand Joined(DeviceBuffer buffer, int time, int row, int size, int first = 0) =>
        new(buffer, first, time * row, size, row);

    /// <summary>The same place in another buffer, for a gradient.</summary>
    public AttentionOperand In(DeviceBuffer buffer) => this with { Buffer = buffer };
}
