namespace GpuNets;

/// <summary>Parameters or saved state that do not fit: a name used twice, a missing gradient, a checkpoint of another model.</summary>
/// <param name="message">What came and what was expected.</param>
/// <param name="inner">The error underneath, if any.</param>
public class StateException(string message, Exception? inner = null) : GpuNetsException(message, inner);
