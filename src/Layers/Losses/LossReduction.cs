namespace GpuNets;

/// <summary>How the losses of the elements become one number.</summary>
public enum LossReduction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>They stay as they are: a loss per row of logits.</summary>
    None,
}
