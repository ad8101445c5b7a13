using System.Text.Json.Serialization;

namespace GpuNets.Models;

/// <summary>Layers, padding and first weights of a <see cref="ContextModule"/>. The defaults are Dilation8, Basic, for 21 classes.</summary>
public sealed record ContextOptions
{
    /// <summary>C: classes, channels of the input and of the output.</summary>
    public int Classes { get; init; } = 21;

    /// <summary>Widths of the layers.</summary>
    public ContextKind Kind { get; init; } = ContextKind.Basic;

    /// <summary>Dilations of the 3x3 layers in order; a 1x1 layer follows them.</summary>
    public IReadOnlyList<int> Dilations { get; init; } = [1, 1, 2, 4, 8, 16, 1];

    /// <summary>Output channels of the 3x3 layers as multiples of C; null: those of <see cref="Kind"/>.</summary>
    public IReadOnlyList<int>? Multipliers { get; init; }

    /// <summary>How maps keep their size.</summary>
    public ContextPadding Padding { get; init; } = ContextPadding.PerLayer;

    /// <summary>Whether max(x, 0) follows the 3x3 layers; nothing follows the 1x1 layer.</summary>
    public bool Truncation { get; init; } = true;

    /// <summary>First weights; first biases are 0.</summary>
    public ContextInitialization Initialization { get; init; } = ContextInitialization.Identity;

    /// <summary>
    /// Deviation of the noise around the identity, as a share of its centre taps C / c_out. 0 is equation 4; 0.01 is the filler of the released
    /// networks (0.01 for Basic, 0.01 C / c_out for Large). null: 0 for equal widths, 0.01 for others, whose channels it tells apart.
    /// </summary>
    public double? Sigma { get; init; }

    /// <summary>Deviation of <see cref="ContextInitialization.Gaussian"/>.</summary>
    public double GaussianDeviation { get; init; } = 0.01;

    /// <summary>Cells along an axis that an output sees: 1 + twice the sum of the dilations; 35, 67 and 259 for the presets.</summary>
    [JsonIgnore]
    public int ReceptiveField => 1 + 2 * Dilations.Sum();

    /// <summary>Weights without biases: 64 C^2 for Dilation8 Basic; 6,801,102 for Dilation8 Large and 21 classes.</summary>
    [JsonIgnore]
    public long WeightCount => ContextLayer.Of(this).Sum(layer => layer.WeightCount);

    /// <summary>Weights and biases.</summary>
    [JsonIgnore]
    public long ParameterCount => ContextLayer.Of(this).Sum(layer => layer.WeightCount + layer.Outputs);

    /// <summary>Table 1: VOC and CamVid.</summary>
    /// <param name="classes">C.</param>
    /// <param name="kind">Widths.</param>
    public static ContextOptions Dilation8(int classes, ContextKind kind = ContextKind.Basic) => new() { Classes = classes, Kind = kind };

    /// <summary>Table 1 without the layer of dilation 16: KITTI.</summary>
    /// <inheritdoc cref="Dilation8"/>
    public static ContextOptions Dilation7(int classes, ContextKind kind = ContextKind.Basic) =>
        new() { Classes = classes, Kind = kind, Dilations = [1, 1, 2, 4, 8, 1] };

    /// <summary>Table 1 with layers of dilations 32 and 64: Cityscapes.</summary>
    /// <inheritdoc cref="Dilation8"/>
    public static ContextOptions Dilation10(int classes, ContextKind kind = ContextKind.Basic) =>
        new() { Classes = classes, Kind = kind, Dilations = [1, 1, 2, 4, 8, 16, 32, 64, 1] };

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range or does not fit another; the message names it.</exception>
    public void Validate()
    {
        if (Classes < 1) throw new ArgumentException($"Classes is {Classes} but must be at least 1.");
        if (Dilations is null || Dilations.Count == 0) throw new ArgumentException("Dilations is empty; the module needs one 3x3 layer at least.");
        foreach (int dilation in Dilations)
            if (dilation < 1) throw new ArgumentException($"Dilations has {dilation} in it, but each must be at least 1.");
        if (Multipliers is not null)
        {
            if (Multipliers.Count != Dilations.Count)
                throw new ArgumentException($"Multipliers has {Multipliers.Count} entries for the {Dilations.Count} 3x3 layers of Dilations.");
            foreach (int multiplier in Multipliers)
                if (multiplier < 1) throw new ArgumentException($"Multipliers has {multiplier} in it, but each must be at least 1.");
        }
        if (Sigma is { } sigma && !(sigma >= 0 && double.IsFinite(sigma))) throw new ArgumentException($"Sigma is {sigma} but must be 0 or more.");
        if (!(GaussianDeviation > 0 && double.IsFinite(GaussianDeviation)))
            throw new ArgumentException($"GaussianDeviation is {GaussianDeviation} but must be above 0.");
        foreach (var (name, known) in new[]
        {
            (nameof(Kind), Enum.IsDefined(Kind)), (nameof(Padding), Enum.IsDefined(Padding)), (nameof(Initialization), Enum.IsDefined(Initialization)),
        })
        {
            if (!known) throw new ArgumentException($"{name} is none of its values.");
        }
    }
}
