namespace GpuNets;

/// <summary>A table of vectors looked up by index: indices [...] give y [..., size].</summary>
public sealed class Embedding : Module
{
    private readonly int _padding;

    /// <summary>Makes the table, standard normal as in PyTorch; the padding row starts as zeros.</summary>
    /// <param name="vars">Where the table goes.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="size">Length of a row.</param>
    /// <param name="paddingIndex">A row that gets no gradient, so that it stays as it is.</param>
    /// <param name="initializer">Initial values of the table; null: standard normal.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, or there is no such padding row.</exception>
    public Embedding(Vars vars, int count, int size, int? paddingIndex = null, Initializer? initializer = null) : base(vars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (paddingIndex is < 0 || paddingIndex >= count)
            throw new ArgumentOutOfRangeException(nameof(paddingIndex), paddingIndex, $"Embedding: the table has rows 0 to {count - 1}.");
        _padding = paddingIndex ?? -1;
        var fill = initializer ?? Init.Normal(1);
        Weight = vars.Parameter("weight", [count, size], (values, shape, random) =>
        {
            fill(values, shape, random);
            if (paddingIndex is { } row) values.Slice(row * size, size).Clear();
        });
    }

    /// <summary>The table: [count, size].</summary>
    public Parameter Weight { get; }

    /// <summary>The row without a gradient; null if there is none.</summary>
    public int? PaddingIndex => _padding < 0 ? null : _padding;

    /// <summary>Looks rows up.</summary>
    /// <param name="indices">Row numbers, any shape [...].</param>
    /// <returns>[..., size].</returns>
    /// <exception cref="ShapeException">A row number is out of range.</exception>
    public Tensor Forward(IndexTensor indices) => IndexSelectOp.Apply("Embedding", Weight, 0, indices, _padding);

    /// <inheritdoc/>
    protected override string Describe() =>
        $"Embedding({Weight.Shape[0]} x {Weight.Shape[1]}{(_padding < 0 ? "" : $", padding {_padding}")})";
}
