namespace GpuNets.Models;

/// <summary>Parts of a <see cref="DilatedNetwork"/>. The defaults are the paper's front end for VOC with the Basic context module.</summary>
public sealed record DilatedNetworkOptions
{
    /// <summary>The front end.</summary>
    public VggFrontEndOptions Front { get; init; } = new();

    /// <summary>The context module; null for the front end alone. Its classes are those of the front end.</summary>
    public ContextOptions? Context { get; init; } = new();

    /// <summary>From cells to pixels.</summary>
    public ScoreUpsampling Upsampling { get; init; } = ScoreUpsampling.None;

    /// <summary>Whether the front end stays as it is: no gradient reaches it and it drops nothing out.</summary>
    public bool FreezeFrontEnd { get; init; }

    /// <summary>Whether the weights of <see cref="ScoreUpsampling.Transposed"/> are trained.</summary>
    public bool LearnUpsampling { get; init; }

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range or does not fit another; the message names it.</exception>
    public void Validate()
    {
        Front.Validate();
        Context?.Validate();
        if (Context is not null && Context.Classes != Front.Classes)
            throw new ArgumentException($"Context.Classes is {Context.Classes} but Front.Classes is {Front.Classes}; they must be equal.");
        if (LearnUpsampling && Upsampling != ScoreUpsampling.Transposed)
            throw new ArgumentException($"LearnUpsampling needs Upsampling = Transposed; {Upsampling} has no weights.");
        if (!Enum.IsDefined(Upsampling)) throw new ArgumentException("Upsampling is none of its values.");
        if (FreezeFrontEnd && Context is null && !LearnUpsampling)
            throw new ArgumentException("FreezeFrontEnd leaves nothing to train: there is no Context and no LearnUpsampling.");
    }
}
