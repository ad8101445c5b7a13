namespace GpuNets.Kernels;

/// <summary>Sizes of a Neural Turing Machine, in the letters of the paper, and how its heads take turns.</summary>
internal struct NtmSizes
{
    /// <summary>Widths of the input x, of the output and of a controller layer.</summary>
    public int Inputs, Outputs, Width;

    /// <summary>Controller layers.</summary>
    public int Layers;

    /// <summary>1: LSTM; 0: feed-forward.</summary>
    public int Lstm;

    /// <summary>Activation of feed-forward layers, see <see cref="NtmActivation"/>.</summary>
    public int LayerActivation;

    /// <summary>Read heads, write heads. Heads are numbered with the read heads first.</summary>
    public int Reads, Writes;

    /// <summary>N rows of M values; the kernels keep memory as [M, N], so that lanes and threads run along the rows.</summary>
    public int Rows, Columns;

    /// <summary>Shifts reach from -Shift to +Shift.</summary>
    public int Shift;

    /// <summary>Steps and sequences.</summary>
    public int Time, Batch;

    /// <summary>How the heads take turns: see <see cref="NtmTurns"/>.</summary>
    public int Turns;

    /// <summary>1: all erases of a step, then all adds; 0: erase and add head by head.</summary>
    public int ErasesFirst;

    /// <summary>What the numbers of a head mean.</summary>
    public NtmRules Rules;

    public readonly int Heads => Reads + Writes;
    public readonly int Cells => Rows * Columns;
    public readonly int Taps => 2 * Shift + 1;
    public readonly int ReadWidth => Reads * Columns;

    /// <summary>Width of what the controller sees: x and the last read vectors.</summary>
    public readonly int InputWidth => Inputs + ReadWidth;

    /// <summary>Width of what the output layer sees: the controller's state and the read vectors.</summary>
    public readonly int OutputWidth => Width + ReadWidth;

    /// <summary>Pre-activations of a controller layer.</summary>
    public readonly int GateWidth => Lstm != 0 ? 4 * Width : Width;

    /// <summary>Parameters of a head's addressing: k, beta [, g, s [, gamma]].</summary>
    public readonly int AddressWidth => Columns + 1 + (Rules.ContentOnly != 0 ? 0 : 1 + Taps + (Rules.Sharpen != 0 ? 1 : 0));

    public readonly int WriteWidth => AddressWidth + 2 * Columns;

    /// <summary>Parameters of all heads.</summary>
    public readonly int HeadsWidth => Reads * AddressWidth + Writes * WriteWidth;

    /// <summary>Memory states that a step makes.</summary>
    public readonly int Versions => ErasesFirst != 0 ? 1 : Writes;

    public readonly int LayerInputs(int layer) => layer == 0 ? InputWidth : Width;

    /// <summary>First parameter of a head.</summary>
    public readonly int HeadOffset(int head) =>
        head < Reads ? head * AddressWidth : Reads * AddressWidth + (head - Reads) * WriteWidth;

    /// <summary>The head whose turn is <paramref name="turn"/>.</summary>
    public readonly int HeadAt(int turn)
    {
        if (Turns == NtmTurns.ReadsFirst) return turn;
        if (Turns == NtmTurns.WritesFirst) return turn < Writes ? Reads + turn : turn - Writes;
        int pairs = Reads < Writes ? Reads : Writes;
        if (turn < 2 * pairs) return (turn & 1) == 0 ? turn / 2 : Reads + turn / 2;
        return Reads > Writes ? turn - pairs : Reads + turn - pairs;
    }

    /// <summary>Write heads that have written when <paramref name="turns"/> turns are over.</summary>
    public readonly int WrittenAfter(int turns)
    {
        if (Turns == NtmTurns.ReadsFirst) return turns == Heads ? Writes : 0;
        if (Turns == NtmTurns.WritesFirst) return turns >= Writes ? Writes : 0;
        int pairs = Reads < Writes ? Reads : Writes;
        return turns <= 2 * pairs ? turns / 2 : Reads > Writes ? Writes : turns - pairs;
    }
}

/// <summary>Values of <see cref="NtmSizes.Turns"/>.</summary>
internal static class NtmTurns
{
    /// <summary>All heads see the memory of the step before; then the write heads write.</summary>
    public const int ReadsFirst = 0;

    /// <summary>The write heads see the memory of the step before and write; the read heads see what they wrote.</summary>
    public const int WritesFirst = 1;

    /// <summary>Read head, write head, read head, ...: each sees what those before it left.</summary>
    public const int Alternate = 2;
}
