namespace GpuNets.Kernels;

/// <summary>
/// Gaussian filters by brute force: rows of the kernel matrix, as many as a few megabytes hold, times the values. The work grows with the
/// square of the positions; for small maps, and as the reference of approximations.
/// </summary>
/// <param name="Features">[samples, dimensions, positions].</param>
/// <param name="Left">Factors of the positions that are written.</param>
/// <param name="Right">Factors of the positions that are read.</param>
/// <param name="Samples">Number of samples.</param>
/// <param name="Dimensions">Features of a position.</param>
/// <param name="Positions">Positions of a sample.</param>
internal sealed record ExactGaussian(DeviceBuffer Features, DeviceBuffer Left, DeviceBuffer Right, int Samples, int Dimensions, int Positions)
{
    // Stays in the caches of a CPU, and gives a GPU enough to do: 4 MB.
    private const int ChunkFloats = 1 << 20;

    /// <summary>y[n, i, :] (+)= sum over j of a[i] b[j] e^(-|f_i - f_j|^2 / 2) x[n, j, :]; the transpose swaps a and b.</summary>
    public void Filter(DeviceBuffer x, DeviceBuffer y, int columns, bool transposed, bool accumulate)
    {
        if (y.Length == 0) return;
        var device = y.Device;
        int rows = Math.Clamp(ChunkFloats / Positions, 1, Positions);
        var matrix = device.Allocate(checked(rows * Positions), "rows of a Gaussian kernel");
        var (left, right) = transposed ? (Right, Left) : (Left, Right);
        for (int sample = 0; sample < Samples; sample++)
        {
            for (int first = 0; first < Positions; first += rows)
            {
                int count = Math.Min(rows, Positions - first);
                device.ForRowElements(
                    new GaussianRows
                    {
                        Features = Features.Floats,
                        Left = left.Floats,
                        Right = right.Floats,
                        Y = matrix.Floats,
                        Dimensions = Dimensions,
                        Positions = Positions,
                        First = first,
                        Sample = sample,
                    },
                    count, Positions, 0.8f + 0.2f * Dimensions);
                var size = new GemmSize(count, columns, Positions)
                {
                    OffsetB = checked(sample * Positions * columns),
                    OffsetC = checked((sample * Positions + first) * columns),
                };
                Gemm.Run(matrix, x, y, size, accumulate: accumulate);
            }
        }
        matrix.Free();
    }

    /// <summary>Factors for features whose filter is divided by its sums on the sides that are marked.</summary>
    public static ExactGaussian Build(DeviceBuffer features, int samples, int dimensions, int positions, bool byRight, bool byLeft)
    {
        var device = features.Device;
        var ones = device.AllocateTemporary(checked(samples * positions), "factors of a filter");
        Fill.Launch(ones, 1f);
        var plain = new ExactGaussian(features, ones, ones, samples, dimensions, positions);
        if (!byLeft && !byRight) return plain;
        var factors = device.AllocateTemporary(ones.Length, "factors of a filter");
        var sums = device.Allocate(ones.Length, "norms of a filter");
        plain.Filter(ones, sums, 1, transposed: false, accumulate: false);
        device.ForEach(new NormFactors { X = sums.Floats, Y = factors.Floats, Root = byLeft && byRight ? 1 : 0 }, ones.Length, 1f);
        sums.Free();
        return plain with { Left = byLeft ? factors : ones, Right = byRight ? factors : ones };
    }
}
