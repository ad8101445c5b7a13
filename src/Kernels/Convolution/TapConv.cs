namespace GpuNets.Kernels;

/// <summary>A tap of a <see cref="TapConv"/>: where it reads, from the source element of a grid point on, and its place in the kernel.</summary>
internal readonly record struct ConvTap(int Y, int X, int Index);

/// <summary>
/// What the forward pass of a convolution, its gradient to data and a transposed convolution have in common. For every grid point (p, q),
/// t[n, o, p TargetStepY + TargetY, q TargetStepX + TargetX] = sum over input channels c and taps of
/// weight[...] s[n, c, p StepY + tap.Y, q StepX + tap.X], with zeros outside of the source s. A gradient through a stride falls
/// apart into one such problem per residue of the target's rows and columns: no products with inserted zeros.
/// </summary>
internal sealed record TapConv
{
    public required int Batch { get; init; }
    public required int Groups { get; init; }

    /// <summary>Channels per group.</summary>
    public required int In { get; init; }
    public required int Out { get; init; }

    public required int SourceHeight { get; init; }
    public required int SourceWidth { get; init; }
    public required int TargetHeight { get; init; }
    public required int TargetWidth { get; init; }

    /// <summary>The grid.</summary>
    public required int Rows { get; init; }
    public required int Columns { get; init; }

    public int StepY { get; init; } = 1;
    public int StepX { get; init; } = 1;
    public int TargetStepY { get; init; } = 1;
    public int TargetStepX { get; init; } = 1;
    public int TargetY { get; init; }
    public int TargetX { get; init; }

    public required ConvTap[] Taps { get; init; }

    /// <summary>Elements of the weight from one output channel, input channel and group to the next.</summary>
    public required int WeightOut { get; init; }
    public required int WeightIn { get; init; }
    public required int WeightGroup { get; init; }

    /// <summary>The mask if it splits the centre tap between channels.</summary>
    public ConvMask? Mask { get; init; }

    /// <summary>True if the channels of the mask are swapped: gradients to data.</summary>
    public bool SwapsChannels { get; init; }

    /// <summary>Terms of each sum.</summary>
    public int Terms => In * Taps.Length;

    public int SourcePlane => SourceHeight * SourceWidth;
    public int TargetPlane => TargetHeight * TargetWidth;

    /// <summary>True if grid points are neighbours in the target.</summary>
    public bool IsDense => TargetStepY == 1 && TargetStepX == 1;

    /// <summary>True if the grid is the whole target.</summary>
    public bool CoversTarget => IsDense && Rows == TargetHeight && Columns == TargetWidth;

    public double Flops => 2.0 * Batch * Groups * Out * Rows * Columns * Terms;

    /// <summary>Whether the mask leaves a weight.</summary>
    public bool Allows(int tap, int input, int output) =>
        Mask is null || (SwapsChannels ? Mask.Allows(tap, output, Out, input, In) : Mask.Allows(tap, input, In, output, Out));

    /// <summary>y from x.</summary>
    public static TapConv Forward(ConvSize size) => new()
    {
        Batch = size.Batch,
        Groups = size.Groups,
        In = size.InPerGroup,
        Out = size.OutPerGroup,
        SourceHeight = size.Height,
        SourceWidth = size.Width,
        TargetHeight = size.OutHeight,
        TargetWidth = size.OutWidth,
        Rows = size.OutHeight,
        Columns = size.OutWidth,
        StepY = size.StrideY,
        StepX = size.StrideX,
        Taps = [.. Enumerable.Range(0, size.Taps).Select(t =>
            new ConvTap(t / size.KernelWidth * size.DilationY - size.Top, t % size.KernelWidth * size.DilationX - size.Left, t))],
        WeightOut = size.InPerGroup * size.Kernel,
        WeightIn = size.Kernel,
        WeightGroup = size.OutPerGroup * size.InPerGroup * size.Kernel,
        Mask = size.Mask is { SplitsCentre: true } ? size.Mask : null,
    };

    /// <summary>x from y with the channels swapped: one problem for each residue of rows and columns modulo the stride.</summary>
    public static IEnumerable<TapConv> Backward(ConvSize size)
    {
        for (int y = 0; y < Math.Min(size.StrideY, size.Height); y++)
            for (int x = 0; x < Math.Min(size.StrideX, size.Width); x++)
                yield return Backward(size, y, x);
    }

    private static TapConv Backward(ConvSize size, int y, int x)
    {
        var taps = new List<ConvTap>();
        for (int t = 0; t < size.Taps; t++)
        {
            int row = y + size.Top - t / size.KernelWidth * size.DilationY, column = x + size.Left - t % size.KernelWidth * size.DilationX;
            if (row % size.StrideY == 0 && column % size.StrideX == 0) taps.Add(new(row / size.StrideY, column / size.StrideX, t));
        }
        return new()
        {
            Batch = size.Batch,
            Groups = size.Groups,
            In = size.OutPerGroup,
            Out = size.InPerGroup,
            SourceHeight = size.OutHeight,
            SourceWidth = size.OutWidth,
            TargetHeight = size.Height,
            TargetWidth = size.Width,
            Rows = (size.Height - y + size.StrideY - 1) / size.StrideY,
            Columns = (size.Width - x + size.StrideX - 1) / size.StrideX,
            TargetStepY = size.StrideY,
            TargetStepX = size.StrideX,
            TargetY = y,
            TargetX = x,
            Taps = [.. taps],
            WeightOut = size.Kernel,
            WeightIn = size.InPerGroup * size.Kernel,
            WeightGroup = size.OutPerGroup * size.InPerGroup * size.Kernel,
            Mask = size.Mask is { SplitsCentre: true } ? size.Mask : null,
            SwapsChannels = true,
        };
    }
}
