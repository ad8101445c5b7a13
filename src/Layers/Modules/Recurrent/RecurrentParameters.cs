namespace GpuNets;

/// <summary>Creates the weights of recurrent layers under PyTorch's names.</summary>
/// <param name="Blocks">Gates: blocks of units rows in each weight.</param>
/// <param name="Units">Hidden units.</param>
/// <param name="Bias">With both biases.</param>
internal sealed record RecurrentParameters(int Blocks, int Units, bool Bias)
{
    /// <summary>Block of the biases whose sum starts at <see cref="FixedBias"/>; none if that is null.</summary>
    public int FixedBlock { get; init; }

    /// <inheritdoc cref="FixedBlock"/>
    public float? FixedBias { get; init; }

    public Initializer? InputWeightInitializer { get; init; }

    public Initializer? HiddenWeightInitializer { get; init; }

    public Initializer? BiasInitializer { get; init; }

    /// <summary>Makes weight_ih, weight_hh, bias_ih and bias_hh, each name with a suffix like <c>_l0_reverse</c>.</summary>
    public RecurrentWeights Create(Vars vars, string suffix, int inputs)
    {
        var usual = Init.Uniform(1 / Math.Sqrt(Units));
        var bias = BiasInitializer ?? usual;
        return new RecurrentWeights(
            vars.Parameter("weight_ih" + suffix, (Blocks * Units, inputs), InputWeightInitializer ?? usual),
            vars.Parameter("weight_hh" + suffix, (Blocks * Units, Units), HiddenWeightInitializer ?? usual),
            Bias ? vars.Parameter("bias_ih" + suffix, Blocks * Units, Fixed(bias, FixedBias)) : null,
            Bias ? vars.Parameter("bias_hh" + suffix, Blocks * Units, Fixed(bias, FixedBias is null ? null : 0f)) : null);
    }

    /// <summary>Throws unless sizes and flags make sense.</summary>
    public static void Check(string layer, int inputs, int units, bool bias, float? forgetBias = null)
    {
        if (inputs < 1) throw new ArgumentOutOfRangeException(nameof(inputs), inputs, $"{layer}: expected at least 1 input.");
        if (units < 1) throw new ArgumentOutOfRangeException(nameof(units), units, $"{layer}: expected at least 1 unit.");
        if (forgetBias is not null && !bias) throw new ArgumentException($"{layer}: ForgetBias is {forgetBias} but Bias is false.", nameof(forgetBias));
    }

    private Initializer Fixed(Initializer initializer, float? value) => value is not { } start ? initializer : (values, shape, random) =>
    {
        initializer(values, shape, random);
        values.Slice(FixedBlock * Units, Units).Fill(start);
    };
}
