using ILGPU;

namespace GpuNets.Kernels;

/// <summary>What may change from one step of an optimiser to the next. A rule uses what it knows.</summary>
internal struct UpdateStep
{
    /// <summary>Words of a recorded step: those of this struct, and the limit of the norm.</summary>
    public const int WordCount = 6, LimitWord = 5;

    /// <summary>Blocks of 2^6 values hold values of one tensor, with the same multipliers; a register of the host never straddles two.</summary>
    public const int BlockShift = 6;

    /// <summary>Step size, corrected for the bias of the mean.</summary>
    public float Rate;

    /// <summary>Factor on the root of the mean square.</summary>
    public float VarianceCorrection;

    /// <summary>What the parameter is multiplied with first.</summary>
    public float Keep;

    /// <summary>Share of the gradient that enters the velocity.</summary>
    public float Undamped;

    /// <summary>Largest magnitude of a component of the gradient.</summary>
    public float ClipValue;

    /// <summary>What weight decay is multiplied with: 1 but for parameters with a multiplier of their own.</summary>
    public float Decay;

    /// <summary>The step for a parameter with multipliers of its own on the rate and on weight decay.</summary>
    public readonly UpdateStep Times(float rate, float decay) => new()
    {
        Rate = Rate * rate,
        VarianceCorrection = VarianceCorrection,
        Keep = 1f - (1f - Keep) * rate * decay,
        Undamped = Undamped,
        ClipValue = ClipValue,
        Decay = decay,
    };

    /// <summary>The numbers in force: these with the words' ones flipped (see <see cref="StepFloat"/>).</summary>
    public readonly unsafe UpdateStep With(int* words) => new()
    {
        Rate = Flip(Rate, words[0]),
        VarianceCorrection = Flip(VarianceCorrection, words[1]),
        Keep = Flip(Keep, words[2]),
        Undamped = Flip(Undamped, words[3]),
        ClipValue = Flip(ClipValue, words[4]),
    };

    /// <summary>The words of a step.</summary>
    public readonly void Write(Span<uint> words)
    {
        words[0] = Interop.FloatAsInt(Rate);
        words[1] = Interop.FloatAsInt(VarianceCorrection);
        words[2] = Interop.FloatAsInt(Keep);
        words[3] = Interop.FloatAsInt(Undamped);
        words[4] = Interop.FloatAsInt(ClipValue);
    }

    private static float Flip(float value, int word) => Interop.IntAsFloat(Interop.FloatAsInt(value) ^ (uint)word);
}
