namespace GpuNets.Kernels;

/// <summary>
/// How a source is laid out so that every tap reads a run of neighbours: zeros where taps reach outside, and one plane per residue of
/// rows and columns modulo the step. The tap of a grid point (p, q) then lies at <see cref="Offsets"/> + p * Pitch + q of its channel's
/// planes, with no test of bounds and no stride. The layout is some percent larger than the source, where im2col would be Taps times.
/// </summary>
internal sealed class Lattice
{
    /// <summary>The layout for some rows of the grid.</summary>
    public Lattice(TapConv conv, int rows)
    {
        int firstY = int.MaxValue, firstX = int.MaxValue, lastY = int.MinValue, lastX = int.MinValue;
        var phases = new List<(int Y, int X)>();
        foreach (var tap in conv.Taps)
        {
            int y = FloorDivide(tap.Y, conv.StepY), x = FloorDivide(tap.X, conv.StepX);
            (firstY, firstX, lastY, lastX) = (Math.Min(firstY, y), Math.Min(firstX, x), Math.Max(lastY, y), Math.Max(lastX, x));
            var phase = (tap.Y - y * conv.StepY, tap.X - x * conv.StepX);
            if (!phases.Contains(phase)) phases.Add(phase);
        }
        if (phases.Count == 0) (firstY, firstX, lastY, lastX) = (0, 0, 0, 0);
        (FirstY, FirstX, Phases) = (firstY, firstX, [.. phases]);
        (Height, Pitch) = (rows + lastY - firstY, conv.Columns + lastX - firstX);
        InPlace = conv.StepY == 1 && conv.StepX == 1 && firstY >= 0 && firstX >= 0
            && conv.Rows + lastY <= conv.SourceHeight && conv.Columns + lastX <= conv.SourceWidth;
        _taps = [.. conv.Taps.Select(tap =>
        {
            int y = FloorDivide(tap.Y, conv.StepY), x = FloorDivide(tap.X, conv.StepX);
            return (phases.IndexOf((tap.Y - y * conv.StepY, tap.X - x * conv.StepX)), y - firstY, x - firstX);
        })];
    }

    private readonly (int Phase, int Y, int X)[] _taps;

    /// <summary>Row and column of the source, in steps, where the planes begin.</summary>
    public int FirstY { get; }
    public int FirstX { get; }

    /// <summary>Rows of a plane, and elements from one to the next.</summary>
    public int Height { get; }
    public int Pitch { get; }

    /// <summary>Residues that taps read: the planes of a channel.</summary>
    public (int Y, int X)[] Phases { get; }

    /// <summary>True if taps never leave the source and make no steps: it serves as it is.</summary>
    public bool InPlace { get; }

    /// <summary>Where the taps read, from the start of a channel's planes on.</summary>
    public int[] Offsets(int plane, int pitch) => [.. _taps.Select(tap => tap.Phase * plane + tap.Y * pitch + tap.X)];

    public static int FloorDivide(int a, int b) => a >= 0 ? a / b : -((-a + b - 1) / b);
}
