namespace GpuNets.Kernels;

/// <summary>
/// What the forward pass keeps for the backward pass: the activations of the first chunks, as many as have room. Those of the first layer
/// are sums and cheaper made again than kept. Temporaries of the innermost scope.
/// </summary>
internal sealed class PairActivations
{
    private readonly DeviceBuffer[]?[] _chunks;

    public PairActivations(PairSumProblem problem, long bytes)
    {
        List<DeviceBuffer[]> chunks = [];
        int[] widths = problem.Widths[1..];
        foreach (var chunk in problem.Plan.Chunks(problem.Batch))
        {
            bytes -= widths.Sum(width => (long)chunk.Rows * width * sizeof(float));
            if (bytes < 0) break;
            chunks.Add([.. widths.Select(width => problem.Device.AllocateTemporary(chunk.Rows * width, "activations of pairs"))]);
        }
        _chunks = [.. chunks];
    }

    /// <summary>Buffers of the layers after the first; null for a chunk that found no room.</summary>
    public DeviceBuffer[]? Of(int chunk) => chunk < _chunks.Length ? _chunks[chunk] : null;

    /// <summary>The same once: the backward pass writes gradients in their place.</summary>
    public DeviceBuffer[]? Take(int chunk)
    {
        var buffers = Of(chunk);
        if (buffers is not null) _chunks[chunk] = null;
        return buffers;
    }
}
