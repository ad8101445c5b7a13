namespace GpuNets.Models;

/// <summary>The network that drives the heads of a Neural Turing Machine.</summary>
public enum NtmController
{
    /// <summary>One or more LSTM layers.</summary>
    Lstm,

    /// <summary>One or more feed-forward layers.</summary>
    FeedForward,
}
