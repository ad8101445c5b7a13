namespace GpuNets.Models;

/// <summary>Vectors of places, added to scaled embeddings: a table of sines and cosines, or trained.</summary>
internal sealed class PositionTable : Module
{
    private readonly TransformerOptions _options;
    private readonly Parameter? _learned;
    private readonly Tensor? _fixed;

    public PositionTable(Vars vars, TransformerOptions options) : base(vars)
    {
        _options = options;
        if (options.Positions == TransformerPositions.None) return;
        int rows = options.MaxLength + options.FirstPosition;
        if (options.Positions == TransformerPositions.Learned)
        {
            var fill = options.Initialization == TransformerInitialization.Xavier ? Init.XavierUniform() : Init.Normal(1 / Math.Sqrt(options.Size));
            _learned = vars.Parameter("weight", [rows, options.Size], fill);
            return;
        }
        // Not saved: it follows from the options. Not of a scope: it lasts as long as the model.
        _fixed = new Tensor([rows, options.Size], vars.Device.Allocate(rows * options.Size, $"positions [{rows}, {options.Size}]"));
        _fixed.CopyFrom(Values(options.Positions, rows, options.Size));
    }

    /// <summary>The vectors of time steps in a row, [count, size]; null if there are none.</summary>
    public Tensor? Rows(int first, int count)
    {
        int row = first + _options.FirstPosition;
        if (_learned is not null && Tape.Of(_learned.Device) is not null) return _learned.Slice(0, row, row + count);
        var table = _learned ?? _fixed;
        return table is null ? null : new Tensor([count, _options.Size], table.Buffer.Slice(row * _options.Size, count * _options.Size));
    }

    /// <summary>The vectors of any time steps, [count, size]; null if there are none.</summary>
    /// <param name="places">Numbers of the steps, with <see cref="TransformerOptions.FirstPosition"/> added.</param>
    public Tensor? Rows(IndexTensor places) => (_learned ?? _fixed)?.IndexSelect(0, places);

    /// <summary>Sines and cosines, [rows, size].</summary>
    public static float[] Values(TransformerPositions layout, int rows, int size)
    {
        float[] values = new float[rows * size];
        int half = size / 2;
        for (int p = 0; p < rows; p++)
        {
            for (int i = 0; i < half; i++)
            {
                double exponent = layout == TransformerPositions.Halves ? i / (half - 1.0) : 2.0 * i / size;
                var (sin, cos) = Math.SinCos(p * Math.Pow(10_000, -exponent));
                bool interleaved = layout == TransformerPositions.Interleaved;
                values[p * size + (interleaved ? 2 * i : i)] = (float)sin;
                values[p * size + (interleaved ? 2 * i + 1 : half + i)] = (float)cos;
            }
        }
        return values;
    }

    protected override string Describe() => _options.Positions switch
    {
        TransformerPositions.None => "PositionTable(none)",
        TransformerPositions.Learned => $"PositionTable({_learned!.Shape[0]} x {_options.Size}, learned)",
        _ => $"PositionTable({_options.Positions}, from {_options.FirstPosition})",
    };
}
