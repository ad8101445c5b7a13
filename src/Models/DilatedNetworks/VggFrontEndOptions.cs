using System.Text.Json.Serialization;

namespace GpuNets.Models;

/// <summary>Sizes and variants of a <see cref="VggFrontEnd"/>. The defaults are the paper's network for VOC.</summary>
public sealed record VggFrontEndOptions
{
    /// <summary>C: channels of the result.</summary>
    public int Classes { get; init; } = 21;

    /// <summary>Multiplies the channels of VGG-16 (64, 128, 256, 512, 512 and 4096), rounded; at least one is left.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Channels of fc6 and fc7; null: 4096 times <see cref="Width"/>.</summary>
    public int? HiddenWidth { get; init; }

    /// <summary>What becomes of pool4 and pool5.</summary>
    public VggPooling Pooling { get; init; } = VggPooling.Removed;

    /// <summary>Whether convolutions pad with zeros so that they keep the size of their maps; the paper's do not.</summary>
    public bool InnerPadding { get; init; }

    /// <summary>Probability that dropout behind fc6 and fc7 zeroes an element while a tape is open.</summary>
    public float Dropout { get; init; } = 0.5f;

    /// <summary>Order of the colours in the input. Imported weights are put in this order.</summary>
    public ChannelOrder Input { get; init; } = ChannelOrder.Bgr;

    /// <summary>Channels of fc6 and fc7.</summary>
    [JsonIgnore]
    public int HiddenChannels => HiddenWidth ?? Scaled(4096);

    /// <summary>Where the cells lie on the input.</summary>
    [JsonIgnore]
    public VggGeometry Geometry => new(this);

    /// <summary>Weights and biases: 134,346,581 for the defaults.</summary>
    [JsonIgnore]
    public long ParameterCount => VggStep.Of(this).Where(step => !step.IsPool)
        .Sum(step => (long)step.Kernel * step.Kernel * step.Inputs * step.Outputs + step.Outputs);

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        if (Classes < 1) throw new ArgumentException($"Classes is {Classes} but must be at least 1.");
        if (!(Width > 0 && Width <= 16)) throw new ArgumentException($"Width is {Width} but must be above 0 and at most 16.");
        if (HiddenWidth < 1) throw new ArgumentException($"HiddenWidth is {HiddenWidth} but must be at least 1, or null for 4096 times Width.");
        if (!(Dropout >= 0 && Dropout < 1)) throw new ArgumentException($"Dropout is {Dropout} but must be at least 0 and below 1.");
        if (!Enum.IsDefined(Pooling) || !Enum.IsDefined(Input)) throw new ArgumentException("Pooling or Input is none of its values.");
    }

    /// <summary>Channels of a block of convolutions, 1 to 5.</summary>
    internal int Channels(int block) => Scaled(block switch { 1 => 64, 2 => 128, 3 => 256, _ => 512 });

    private int Scaled(int channels) => Math.Max(1, (int)Math.Round(channels * Width));
}
