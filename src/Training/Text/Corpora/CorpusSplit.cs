namespace GpuNets.Training;

/// <summary>The part of a data set that is asked for.</summary>
public enum CorpusSplit
{
    /// <summary>What a model learns from.</summary>
    Train,

    /// <summary>What decisions about training are made by.</summary>
    Validation,

    /// <summary>What is reported.</summary>
    Test,
}
