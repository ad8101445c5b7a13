namespace GpuNets;

/// <summary>Parameters or saved state that do not fit: a name used twice, a missing gradient, a checkpoint of another model.</summary>
/// <param name="message">What came and what was expected.</param>
public class StateException(string message) : GpuNetsException(message);
